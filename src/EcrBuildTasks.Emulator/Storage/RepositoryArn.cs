using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Storage;

internal static class RepositoryArn
{
    public static string For(string partition, string region, string account, string name) =>
        (
            region == RepositoryPlace.PublicRegion
                ? Arn.ForPublicRepository(partition, account, name)
                : Arn.ForRepository(partition, region, account, name)
        ).ToString();

    /// <summary>The repository that an ARN names.</summary>
    public static RepositoryPlace? Parse(string text) =>
        Arn.Parse(text) is { Repository: { } name } arn
            ? new(arn.Account, arn.IsPublic ? RepositoryPlace.PublicRegion : arn.Region, name)
            : null;
}
