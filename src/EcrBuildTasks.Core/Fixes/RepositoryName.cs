namespace EcrBuildTasks.Fixes;

internal static class RepositoryName
{
    /// <summary>The name in <c>arn:aws:ecr:region:account:repository/name</c>.</summary>
    public static string Of(string repositoryArn) =>
        repositoryArn[(repositoryArn.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The region in it; of a public repository, whose ARN has none, the one that its API is in.</summary>
    public static string RegionOf(string repositoryArn) =>
        IsPublic(repositoryArn) ? "us-east-1"
        : repositoryArn.Split(':') is { Length: > 3 } parts ? parts[3]
        : "";

    /// <summary>Whether it is the ARN of a public repository, <c>arn:aws:ecr-public::account:repository/name</c>.</summary>
    public static bool IsPublic(string repositoryArn) => repositoryArn.Split(':', 4) is ["arn", _, "ecr-public", _];
}
