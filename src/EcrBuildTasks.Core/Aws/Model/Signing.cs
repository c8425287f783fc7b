using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the rules by which the caller's own registry signs images.</summary>
internal class GetSigningConfigurationRequest : AmazonECRRequest { }

internal class GetSigningConfigurationResponse : AmazonWebServiceResponse
{
    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    public SigningConfiguration? SigningConfiguration { get; set; }
}

internal class SigningConfiguration
{
    public List<SigningRule>? Rules { get; set; }
}

internal class SigningRule
{
    /// <summary>The AWS Signer profile with which ECR signs.</summary>
    public string? SigningProfileArn { get; set; }

    /// <summary>Absent: all repositories.</summary>
    public List<SigningRepositoryFilter>? RepositoryFilters { get; set; }
}

internal class SigningRepositoryFilter
{
    public string? Filter { get; set; }

    /// <summary><c>WILDCARD_MATCH</c>.</summary>
    public string? FilterType { get; set; }
}

/// <summary>Requests how the signing of an image went.</summary>
internal class DescribeImageSigningStatusRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    public string? RepositoryName { get; set; }

    public ImageIdentifier? ImageId { get; set; }
}

internal class DescribeImageSigningStatusResponse : AmazonWebServiceResponse
{
    /// <summary>One for each signing profile of the rules that the image matched.</summary>
    public List<ImageSigningStatus>? SigningStatuses { get; set; }
}

internal class ImageSigningStatus
{
    public string? SigningProfileArn { get; set; }

    /// <summary><c>IN_PROGRESS</c>, <c>COMPLETE</c> or <c>FAILED</c>.</summary>
    public string? Status { get; set; }

    /// <summary>Present if it failed.</summary>
    public string? FailureCode { get; set; }

    /// <summary>Present if it failed.</summary>
    public string? FailureReason { get; set; }
}
