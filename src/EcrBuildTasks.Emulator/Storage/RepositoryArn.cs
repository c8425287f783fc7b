namespace EcrBuildTasks.Emulator.Storage;

internal static class RepositoryArn
{
    public static string For(string partition, string region, string account, string name) =>
        $"arn:{partition}:ecr:{region}:{account}:repository/{name}";

    /// <summary>The account, region and name that a repository's ARN is made of.</summary>
    public static (string Account, string Region, string Name)? Parse(string arn)
    {
        const string Resource = "repository/";
        return
            arn.Split(':', 6) is ["arn", _, "ecr", var region, var account, var resource]
            && resource.StartsWith(Resource, StringComparison.Ordinal)
            ? (account, region, resource[Resource.Length..])
            : null;
    }
}
