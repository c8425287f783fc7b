using EcrBuildTasks.Fixes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Diagnostics.Reading;

/// <summary>Finds the statements that mend a denial of which only AWS's sentence is known.</summary>
internal static class FailureFixes
{
    public static IReadOnlyList<PolicyFix> Of(FailureReading reading)
    {
        if (reading is not { Principal: { } principal, CallerAccount: { } account, Action: { } action })
        {
            return [];
        }

        var wanted = new FixRequest
        {
            Caller = new(principal, account, ""),
            RepositoryArn = reading.Resource ?? "*",
            RepositoryAccount = reading.RepositoryAccount ?? account,
            Actions = Actions(action),
            Wanting = Wanting(reading, account),
        };
        if (reading.Kind == FailureKind.TokenApiDenied)
        {
            return FixStatement.IsTokenAction(action) ? PolicyFixes.For(wanted) : [];
        }

        return
            ServiceOf(reading.Resource) is { } service
            && action.StartsWith($"{service}:", StringComparison.OrdinalIgnoreCase)
            ? PolicyFixes.For(wanted)
            : [];
    }

    /// <summary>AWS names the first action only; whoever lacks one of a push mostly lacks all, and wants to push.</summary>
    private static IReadOnlyList<string> Actions(string action) =>
        PushAction.OnRepository.Contains(action, StringComparer.OrdinalIgnoreCase) ? PushAction.OnRepository
        : PushAction.On(RegistryKind.Public).Contains(action, StringComparer.OrdinalIgnoreCase)
            ? PushAction.On(RegistryKind.Public)
        : Is(action, "ecr:GetDownloadUrlForLayer")
            ? [PushAction.BatchCheckLayerAvailability, PushAction.BatchGetImage, "ecr:GetDownloadUrlForLayer"]
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

    /// <summary>The service in the ARN of one repository; <see langword="null"/> for any other ARN.</summary>
    private static string? ServiceOf(string? arn) =>
        arn?.Split(':', 6) is ["arn", { Length: > 0 }, var service, var region, { Length: 12 } account, var repository]
        && service is "ecr" or "ecr-public"
        && region.Length > 0 == service is "ecr"
        && account.All(char.IsAsciiDigit)
        && region.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
        && repository.StartsWith("repository/", StringComparison.Ordinal)
        && repository["repository/".Length..] is { Length: > 0 } name
        && name.All(character => char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character))
            ? service
            : null;

    private static bool Is(string action, string other) =>
        string.Equals(action, other, StringComparison.OrdinalIgnoreCase);
}
