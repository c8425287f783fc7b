using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>What all requests to ECR have in common.</summary>
public class AmazonECRRequest : AmazonWebServiceRequest;

/// <summary>A repository and its settings.</summary>
public class Repository
{
    public string? RepositoryArn { get; set; }

    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>What an image reference begins with.</summary>
    public string? RepositoryUri { get; set; }

    /// <summary>One of <see cref="Model.ImageTagMutability"/>; absent in a public registry, whose tags can always be moved.</summary>
    public string? ImageTagMutability { get; set; }

    /// <summary>Tags that the mutability setting does not cover.</summary>
    public List<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters { get; set; }

    public ImageScanningConfiguration? ImageScanningConfiguration { get; set; }

    public EncryptionConfiguration? EncryptionConfiguration { get; set; }
}

public class ImageScanningConfiguration
{
    public bool? ScanOnPush { get; set; }
}

public class EncryptionConfiguration
{
    /// <summary><c>AES256</c>, <c>KMS</c> or <c>KMS_DSSE</c>.</summary>
    public string? EncryptionType { get; set; }

    /// <summary>The key; absent: the one that AWS manages.</summary>
    public string? KmsKey { get; set; }
}

/// <summary>Tags that the mutability setting does not cover.</summary>
public class ImageTagMutabilityExclusionFilter
{
    /// <summary><c>WILDCARD</c>.</summary>
    public string? FilterType { get; set; }

    /// <summary>The pattern, with <c>*</c>.</summary>
    public string? Filter { get; set; }
}

internal class Tag
{
    [JsonPropertyName("Key")]
    public string? Key { get; set; }

    [JsonPropertyName("Value")]
    public string? Value { get; set; }
}

/// <summary>May a tag be moved to another image?</summary>
public static class ImageTagMutability
{
    public const string IMMUTABLE = "IMMUTABLE";

    /// <summary>Tags cannot be moved, except those that match an exclusion filter.</summary>
    public const string IMMUTABLE_WITH_EXCLUSION = "IMMUTABLE_WITH_EXCLUSION";

    public const string MUTABLE = "MUTABLE";

    /// <summary>Tags can be moved, except those that match an exclusion filter.</summary>
    public const string MUTABLE_WITH_EXCLUSION = "MUTABLE_WITH_EXCLUSION";
}
