using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the pull through cache rules of a registry.</summary>
internal class DescribePullThroughCacheRulesRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>Absent: all.</summary>
    public List<string>? EcrRepositoryPrefixes { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int? MaxResults { get; set; }
}

internal class DescribePullThroughCacheRulesResponse : AmazonWebServiceResponse
{
    /// <summary>The rules of this page.</summary>
    public List<PullThroughCacheRule>? PullThroughCacheRules { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}

/// <summary>Which repositories ECR fills from another registry.</summary>
internal class PullThroughCacheRule
{
    /// <summary>The namespace that it is for, or <c>ROOT</c>.</summary>
    public string? EcrRepositoryPrefix { get; set; }

    /// <summary>The other registry's host.</summary>
    public string? UpstreamRegistryUrl { get; set; }

    /// <summary>What stands in the other registry in place of the namespace; <c>ROOT</c> or absent: nothing.</summary>
    public string? UpstreamRepositoryPrefix { get; set; }
}
