using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests a repository's policy.</summary>
public class GetRepositoryPolicyRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }
}

public class GetRepositoryPolicyResponse : AmazonWebServiceResponse
{
    /// <summary>The policy document, JSON.</summary>
    public string? PolicyText { get; set; }
}

/// <summary>Requests the policy of the caller's own registry.</summary>
internal class GetRegistryPolicyRequest : AmazonECRRequest;

internal class GetRegistryPolicyResponse : AmazonWebServiceResponse
{
    /// <summary>The policy document, JSON.</summary>
    public string? PolicyText { get; set; }
}

/// <summary>Replaces a repository's whole policy.</summary>
public class SetRepositoryPolicyRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The policy document, JSON, at most 10,240 characters.</summary>
    public string? PolicyText { get; set; }

    /// <summary>Needed for a policy that shuts its setter out.</summary>
    public bool? Force { get; set; }
}

/// <summary>The policy as ECR stored it.</summary>
public class SetRepositoryPolicyResponse : AmazonWebServiceResponse;

/// <summary>Removes a repository's policy.</summary>
public class DeleteRepositoryPolicyRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }
}

/// <summary>The policy that was removed.</summary>
public class DeleteRepositoryPolicyResponse : AmazonWebServiceResponse;
