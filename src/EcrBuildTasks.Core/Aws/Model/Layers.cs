using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Checks which layers a repository contains.</summary>
internal class BatchCheckLayerAvailabilityRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>1 to 100 digests.</summary>
    public List<string>? LayerDigests { get; set; }
}

internal class BatchCheckLayerAvailabilityResponse : AmazonWebServiceResponse;

internal class GetDownloadUrlForLayerRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    public string? LayerDigest { get; set; }
}

internal class GetDownloadUrlForLayerResponse : AmazonWebServiceResponse;

/// <summary>Opens an upload; unused, it expires.</summary>
internal class InitiateLayerUploadRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }
}

internal class InitiateLayerUploadResponse : AmazonWebServiceResponse;

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
internal class UploadLayerPartResponse : AmazonWebServiceResponse;

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

internal class CompleteLayerUploadResponse : AmazonWebServiceResponse;
