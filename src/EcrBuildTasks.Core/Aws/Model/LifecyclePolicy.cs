using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Sets or replaces a repository's lifecycle policy.</summary>
internal class PutLifecyclePolicyRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The policy, JSON, 100 to 30,720 characters.</summary>
    public string? LifecyclePolicyText { get; set; }
}

/// <summary>The lifecycle policy as it was set.</summary>
internal class PutLifecyclePolicyResponse : AmazonWebServiceResponse;
