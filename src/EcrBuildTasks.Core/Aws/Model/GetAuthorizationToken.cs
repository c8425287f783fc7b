using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the password for a registry client.</summary>
internal class GetAuthorizationTokenRequest : AmazonECRRequest
{
    /// <summary>Accounts whose proxy endpoint is wanted; one token serves them all. ECR Public knows no such member.</summary>
    public List<string>? RegistryIds { get; set; }
}

internal class GetAuthorizationTokenResponse : AmazonWebServiceResponse
{
    /// <summary>One entry per requested registry; always one for ECR Public.</summary>
    [JsonConverter(typeof(OneOrSeveralConverter))]
    public List<AuthorizationData>? AuthorizationData { get; set; }
}

/// <summary>A registry password, where it is good and until when.</summary>
internal class AuthorizationData
{
    /// <summary>Base64 of <c>AWS:password</c>: a secret.</summary>
    public string? AuthorizationToken { get; set; }

    /// <summary>When the token ends (UTC).</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>The registry's URL; ECR Public names none.</summary>
    public string? ProxyEndpoint { get; set; }
}
