namespace EcrBuildTasks.Policies.Names;

/// <summary>A rule by which ECR fills repositories from another registry on a pull.</summary>
/// <param name="Prefix">The namespace that the rule applies to, without the last slash; <c>ROOT</c> for all names without a rule of their own.</param>
/// <param name="UpstreamRegistry">The other registry's host.</param>
/// <param name="UpstreamPrefix">The namespace in the other registry; <c>ROOT</c> for none.</param>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html</remarks>
public sealed record PullThroughCache(string Prefix, string UpstreamRegistry, string UpstreamPrefix)
{
    /// <summary>Whether the rule applies to all names without a rule of their own.</summary>
    public bool IsRoot => Prefix is NamespacePrefix.Root;

    /// <summary>The rule for a repository; <see langword="null"/> if no rule applies.</summary>
    public static PullThroughCache? FindFor(string repository, IEnumerable<PullThroughCache> rules) =>
        NamespacePrefix.RuleFor(repository, rules, rule => rule.Prefix);

    /// <summary>Where a repository of the rule is filled from, such as <c>registry-1.docker.io/library/nginx</c>.</summary>
    public string UpstreamOf(string repository)
    {
        var rest = repository[NamespacePrefix.StartOf(Prefix).Length..];
        return $"{UpstreamRegistry}/{NamespacePrefix.StartOf(UpstreamPrefix)}{rest}";
    }
}
