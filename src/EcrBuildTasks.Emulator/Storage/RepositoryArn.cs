namespace EcrBuildTasks.Emulator.Storage;

internal static class RepositoryArn
{
    public static string For(string partition, string region, string account, string name) =>
        region == RepositoryPlace.PublicRegion
            ? $"arn:{partition}:ecr-public::{account}:repository/{name}"
            : $"arn:{partition}:ecr:{region}:{account}:repository/{name}";

    /// <summary>The repository that an ARN names.</summary>
    public static RepositoryPlace? Parse(string arn)
    {
        const string Resource = "repository/";
        return
            arn.Split(':', 6)
                is ["arn", _, var service and ("ecr" or "ecr-public"), var region, var account, var resource]
            && resource.StartsWith(Resource, StringComparison.Ordinal)
            ? new(account, service is "ecr" ? region : RepositoryPlace.PublicRegion, resource[Resource.Length..])
            : null;
    }
}
