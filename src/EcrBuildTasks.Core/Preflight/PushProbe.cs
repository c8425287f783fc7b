using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Asks for the actions of a push such that no repository comes of it. ECR may create a missing one as soon as a push begins to write,
/// so the actions that write wait until it is known that there is a repository, or that ECR would not create it.
/// </summary>
/// <param name="probe">Asks for one action.</param>
/// <param name="mayCreate">Whether the repository may be created, so that nothing waits.</param>
internal sealed class PushProbe(PermissionProbe probe, bool mayCreate)
{
    /// <param name="actions">The actions.</param>
    /// <param name="findCreation">
    /// Tells, from the answers to the actions that only read too, what becomes of a repository that is absent; <see langword="null"/> if it is not, as
    /// far as can be seen.
    /// </param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task<(ActionVerdict[] Verdicts, CreationOnPush? Creation)> RunAsync(
        IReadOnlyList<string> actions,
        Func<IEnumerable<Task<ActionVerdict>>, Task<CreationOnPush?>> findCreation,
        CancellationToken cancellationToken
    )
    {
        var reads = actions
            .Where(action => !PushAction.Writes(action))
            .ToDictionary(
                action => action,
                action => probe.AskAsync(action, cancellationToken),
                StringComparer.Ordinal
            );
        var creation = findCreation(reads.Values);
        var verdicts = await Task.WhenAll(
            actions.Select(action =>
                reads.GetValueOrDefault(action) ?? AskToWriteAsync(action, creation, cancellationToken)
            )
        );
        // What a write lacks to create the repository, all of them lack.
        return ([.. verdicts.DistinctBy(verdict => verdict.Action, StringComparer.Ordinal)], await creation);
    }

    private async Task<ActionVerdict> AskToWriteAsync(
        string action,
        Task<CreationOnPush?> creation,
        CancellationToken cancellationToken
    ) =>
        !mayCreate && (await creation)?.WhyNotAsked is { } why
            ? new(action, Permission.Unknown, why)
            : await probe.AskAsync(action, cancellationToken);
}
