using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Probes the actions of a push without creating a repository: actions with which ECR may create one are probed only if
/// it is known to exist. Then it does not matter which rules create repositories, and whether before or after AWS
/// denies the request.
/// </summary>
/// <param name="probe">Probes one action.</param>
internal sealed class PushProbe(PermissionProbe probe, IReadOnlyList<string> actions)
{
    private readonly Dictionary<string, Task<ActionVerdict>> _begun = new(StringComparer.Ordinal);

    /// <summary>Starts with the actions that create nothing, and reports after each response whether the repository exists.</summary>
    public IReadOnlyList<Task<Presence>> Begin(CancellationToken cancellationToken)
    {
        foreach (var action in actions.Where(action => !PushAction.MayCreateRepository(action)))
        {
            _begun.Add(action, probe.AskAsync(action, cancellationToken));
        }

        return [.. _begun.Values.Select(SeenByAsync)];
    }

    /// <summary>The verdicts about all actions, after <see cref="Begin"/> was called.</summary>
    /// <param name="presence">Whether the repository exists.</param>
    public Task<ActionVerdict[]> CompleteAsync(Task<Presence> presence, CancellationToken cancellationToken) =>
        Task.WhenAll(
            actions.Select(action =>
                _begun.GetValueOrDefault(action) ?? AskIfPresentAsync(action, presence, cancellationToken)
            )
        );

    private async Task<ActionVerdict> AskIfPresentAsync(
        string action,
        Task<Presence> presence,
        CancellationToken cancellationToken
    ) =>
        await presence is Presence.Present
            ? await probe.AskAsync(action, cancellationToken)
            : new(action, Permission.Unknown, "not probed: the probe could create the repository")
            {
                IsWithheld = true,
            };

    private static async Task<Presence> SeenByAsync(Task<ActionVerdict> verdict) => (await verdict).Repository;
}
