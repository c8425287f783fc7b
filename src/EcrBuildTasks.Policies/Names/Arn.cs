using System.Text.RegularExpressions;

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
public sealed partial record Arn(string Partition, string Service, string Region, string Account, string Resource)
{
    private const string RepositoryPrefix = "repository/";
    private const int PartCount = 6;

    /// <summary>The name of the repository, public or private, that this names.</summary>
    public string? Repository =>
        Service is "ecr" or "ecr-public" && Resource.StartsWith(RepositoryPrefix, StringComparison.Ordinal)
            ? Resource[RepositoryPrefix.Length..]
            : null;

    /// <summary>Whether it is in Amazon ECR Public, whose ARNs have no region.</summary>
    public bool IsPublic => Service is "ecr-public";

    /// <summary>Whether partition, region and account are written out: without wildcards and variables, and not masked in a log.</summary>
    public bool IsInOneAccount =>
        PartitionName().IsMatch(Partition)
        && Region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')
        && Account.Length == 12
        && Account.All(char.IsAsciiDigit);

    public static Arn? Parse(string? text)
    {
        Span<Range> parts = stackalloc Range[PartCount];
        return text is not null && TrySplit(text, parts) && text[parts[0]] is "arn"
            ? new(text[parts[1]], text[parts[2]], text[parts[3]], text[parts[4]], text[parts[5]])
            : null;
    }

    /// <summary>Finds the six parts, of which the last keeps its colons, without allocating.</summary>
    internal static bool TrySplit(ReadOnlySpan<char> text, Span<Range> parts) => text.Split(parts, ':') == PartCount;

    public static Arn ForRepository(string partition, string region, string account, string name) =>
        new(partition, "ecr", region, account, RepositoryPrefix + name);

    public static Arn ForPublicRepository(string partition, string account, string name) =>
        new(partition, "ecr-public", "", account, RepositoryPrefix + name);

    public static Arn ForPublicRegistry(string partition, string account) =>
        new(partition, "ecr-public", "", account, $"registry/{account}");

    public static Arn ForIam(string partition, string account, string resource) =>
        new(partition, "iam", "", account, resource);

    public static Arn ForSession(string partition, string account, string role, string session) =>
        new(partition, "sts", "", account, $"assumed-role/{role}/{session}");

    public override string ToString() => $"arn:{Partition}:{Service}:{Region}:{Account}:{Resource}";

    [GeneratedRegex(@"^aws(-[a-z]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartitionName();
}
