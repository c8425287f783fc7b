using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Fixes;

internal static partial class EcrArn
{
    /// <summary>The name in <c>arn:aws:ecr:region:account:repository/name</c>.</summary>
    public static string RepositoryOf(string repositoryArn) =>
        repositoryArn[(repositoryArn.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The region in it; of a public repository, whose ARN has none, the one that its API is in.</summary>
    public static string RegionOf(string repositoryArn) =>
        IsPublic(repositoryArn) ? "us-east-1"
        : repositoryArn.Split(':') is { Length: > 3 } parts ? parts[3]
        : "";

    /// <summary>Whether it is the ARN of a public repository, <c>arn:aws:ecr-public::account:repository/name</c>.</summary>
    public static bool IsPublic(string repositoryArn) => repositoryArn.Split(':', 4) is ["arn", _, "ecr-public", _];

    /// <summary>Whether it is the ARN of one repository, in the kind of registry that the actions are about.</summary>
    public static bool HasActions(string repositoryArn, IReadOnlyList<string> actions) =>
        Pattern().Match(repositoryArn) is { Success: true } arn
        && actions.All(action =>
            action.StartsWith($"{arn.Groups["service"].Value}:", StringComparison.OrdinalIgnoreCase)
        );

    [GeneratedRegex(
        @"^arn:aws(-[a-z]+)*:((?<service>ecr):[a-z0-9-]+|(?<service>ecr-public):):[0-9]{12}:repository/[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex Pattern();
}
