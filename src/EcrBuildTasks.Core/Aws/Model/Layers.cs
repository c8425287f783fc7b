using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Asks which layers a repository holds.</summary>
internal class BatchCheckLayerAvailabilityRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>1 to 100 digests.</summary>
    public List<string>? LayerDigests { get; set; }
}

internal class BatchCheckLayerAvailabilityResponse : AmazonWebServiceResponse
{
    /// <summary>One per digest that is well-formed.</summary>
    public List<Layer>? Layers { get; set; }

    /// <summary>One per digest that is not.</summary>
    public List<LayerFailure>? Failures { get; set; }
}

/// <summary>A layer in a repository.</summary>
internal class Layer
{
    /// <summary><c>sha256:…</c>.</summary>
    public string? LayerDigest { get; set; }

    /// <summary><c>AVAILABLE</c> or <c>UNAVAILABLE</c>.</summary>
    public string? LayerAvailability { get; set; }

    /// <summary>Bytes; absent when unavailable.</summary>
    public long? LayerSize { get; set; }

    /// <summary>The layer's media type.</summary>
    public string? MediaType { get; set; }
}

/// <summary>A digest that ECR could not look up.</summary>
internal class LayerFailure
{
    /// <summary>As it was asked for.</summary>
    public string? LayerDigest { get; set; }

    /// <summary><c>InvalidLayerDigest</c> or <c>MissingLayerDigest</c>.</summary>
    public string? FailureCode { get; set; }

    public string? FailureReason { get; set; }
}

/// <summary>Opens an upload; unused, it expires.</summary>
internal class InitiateLayerUploadRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }
}

internal class InitiateLayerUploadResponse : AmazonWebServiceResponse
{
    /// <summary>The upload, as InitiateLayerUpload named it.</summary>
    public string? UploadId { get; set; }

    /// <summary>Bytes that ECR wants per part.</summary>
    public long? PartSize { get; set; }
}

/// <summary>Sends a part of a layer.</summary>
internal class UploadLayerPartRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The upload, as InitiateLayerUpload named it.</summary>
    public string? UploadId { get; set; }

    /// <summary>Offset of the part's first byte.</summary>
    public long? PartFirstByte { get; set; }

    /// <summary>Offset of its last byte.</summary>
    public long? PartLastByte { get; set; }

    /// <summary>The part: 5 MiB (the last may be smaller) to 20,971,520 bytes.</summary>
    public MemoryStream? LayerPartBlob { get; set; }
}

/// <summary>How far the upload is.</summary>
internal class UploadLayerPartResponse : AmazonWebServiceResponse
{
    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The upload, as InitiateLayerUpload named it.</summary>
    public string? UploadId { get; set; }

    /// <summary>Offset of the last byte that ECR holds.</summary>
    public long? LastByteReceived { get; set; }
}

internal class CompleteLayerUploadRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The upload, as InitiateLayerUpload named it.</summary>
    public string? UploadId { get; set; }

    /// <summary>The digest of the whole layer.</summary>
    public List<string>? LayerDigests { get; set; }
}

internal class CompleteLayerUploadResponse : AmazonWebServiceResponse
{
    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The upload, as InitiateLayerUpload named it.</summary>
    public string? UploadId { get; set; }

    /// <summary><c>sha256:…</c>.</summary>
    public string? LayerDigest { get; set; }
}
