using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Asks for the policy of the caller's own registry.</summary>
internal class GetRegistryPolicyRequest : AmazonECRRequest;

internal class GetRegistryPolicyResponse : AmazonWebServiceResponse
{
    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The policy document, JSON.</summary>
    public string? PolicyText { get; set; }
}

/// <summary>Asks for a setting of the caller's own registry.</summary>
internal class GetAccountSettingRequest : AmazonECRRequest
{
    /// <summary><c>REGISTRY_POLICY_SCOPE</c>, <c>BASIC_SCAN_TYPE_VERSION</c> or <c>BLOB_MOUNTING</c>.</summary>
    public string? Name { get; set; }
}

/// <summary>A setting of a registry.</summary>
internal class GetAccountSettingResponse : AmazonWebServiceResponse
{
    public string? Name { get; set; }

    /// <summary>Its value; of <c>REGISTRY_POLICY_SCOPE</c>: <c>V1</c> or <c>V2</c>.</summary>
    public string? Value { get; set; }
}
