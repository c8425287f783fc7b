namespace EcrBuildTasks.Fixes;

internal static class RepositoryName
{
    /// <summary>The name in <c>arn:aws:ecr:region:account:repository/name</c>.</summary>
    public static string Of(string repositoryArn) =>
        repositoryArn[(repositoryArn.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The region in it.</summary>
    public static string RegionOf(string repositoryArn) =>
        repositoryArn.Split(':') is { Length: > 3 } parts ? parts[3] : "";
}
