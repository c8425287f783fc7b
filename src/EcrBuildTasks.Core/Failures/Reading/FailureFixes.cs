using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Finds the statements that mend a denial of which only AWS's sentence is known.</summary>
internal static class FailureFixes
{
    public static IReadOnlyList<PolicyFix> Of(FailureReading reading) =>
        RequestFor(reading) is { } request ? PolicyFixes.For(request) : [];

    /// <summary>
    /// Why there is no fix, or what to check before one is applied: anyone can write a text that names their own account.
    /// </summary>
    public static string? Note(FailureReading reading) =>
        RequestFor(reading) is not { } request ? null
        : request.InvalidName is { } invalid
            ? $"No statement is suggested: {invalid}. `dotnet ecr check` with the same credentials shows what is missing."
        : Of(reading).Count == 0 ? null
        : $"Account {request.Caller.Account} and the names in the statement come from this text. Make sure that you know them before you apply it.";

    private static FixRequest? RequestFor(FailureReading reading)
    {
        if (reading is not { Principal: { } principal, Action: { } action })
        {
            return null;
        }

        var account = reading.CallerAccount ?? "";
        var wanting = Wanting(reading, account);
        return wanting.Count == 0
            ? null
            : new()
            {
                Caller = new(principal, account, ""),
                RepositoryArn = reading.Resource ?? "",
                RepositoryAccount = reading.RepositoryAccount ?? account,
                Actions = Actions(action),
                Wanting = wanting,
            };
    }

    /// <summary>AWS names the first action only; whoever lacks one of a push mostly lacks all, and wants to push.</summary>
    private static IReadOnlyList<string> Actions(string action) =>
        PushAction.OnRepository.Contains(action, StringComparer.OrdinalIgnoreCase) ? PushAction.OnRepository
        : PushAction.On(RegistryKind.Public).Contains(action, StringComparer.OrdinalIgnoreCase)
            ? PushAction.On(RegistryKind.Public)
        : Is(action, EcrActions.GetDownloadUrlForLayer)
            ? [PushAction.BatchCheckLayerAvailability, PushAction.BatchGetImage, EcrActions.GetDownloadUrlForLayer]
        : [action];

    private static IReadOnlyList<PolicyKind> Wanting(FailureReading reading, string account) =>
        reading.Kind.Name switch
        {
            "denied-no-resource-policy" => [PolicyKind.Repository],
            "denied-no-identity-policy" or "denied-token-api" => [PolicyKind.Identity],
            "denied-unspecified" or "denied-preflight-api" when reading.RepositoryAccount == account =>
            [
                PolicyKind.Identity,
            ],
            "denied-unspecified" or "denied-preflight-api" => [PolicyKind.Repository, PolicyKind.Identity],
            _ => [],
        };

    private static bool Is(string action, string other) =>
        string.Equals(action, other, StringComparison.OrdinalIgnoreCase);
}
