namespace EcrBuildTasks.Policies.Names;

/// <summary>
/// An Amazon Resource Name. Any part may be empty, a pattern, or masked in a log; <see cref="CallerArn"/> accepts only a
/// principal that can exist.
/// </summary>
/// <param name="Partition">Such as <c>aws</c>.</param>
/// <param name="Service">Such as <c>ecr</c>, <c>ecr-public</c> or <c>iam</c>.</param>
/// <param name="Region">Empty for global resources.</param>
/// <param name="Account">The 12 digits.</param>
/// <param name="Resource">All that follows, colons included.</param>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html</remarks>
public sealed record Arn(string Partition, string Service, string Region, string Account, string Resource)
{
    private const string RepositoryPrefix = "repository/";

    /// <summary>The name of the repository, public or private, that this names.</summary>
    public string? Repository =>
        Service is "ecr" or "ecr-public" && Resource.StartsWith(RepositoryPrefix, StringComparison.Ordinal)
            ? Resource[RepositoryPrefix.Length..]
            : null;

    /// <summary>Whether it is in Amazon ECR Public, whose ARNs have no region.</summary>
    public bool IsPublic => Service is "ecr-public";

    public static Arn? Parse(string? text) =>
        text?.Split(':', 6) is ["arn", var partition, var service, var region, var account, var resource]
            ? new(partition, service, region, account, resource)
            : null;

    public static Arn ForRepository(string partition, string region, string account, string name) =>
        new(partition, "ecr", region, account, RepositoryPrefix + name);

    public static Arn ForPublicRepository(string partition, string account, string name) =>
        new(partition, "ecr-public", "", account, RepositoryPrefix + name);

    public static Arn ForIam(string partition, string account, string resource) =>
        new(partition, "iam", "", account, resource);

    public static Arn ForSession(string partition, string account, string role, string session) =>
        new(partition, "sts", "", account, $"assumed-role/{role}/{session}");

    public override string ToString() => $"arn:{Partition}:{Service}:{Region}:{Account}:{Resource}";
}
