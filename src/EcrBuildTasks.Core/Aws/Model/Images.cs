using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

internal class BatchGetImageRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>1 to 100 digests or tags.</summary>
    public List<ImageIdentifier>? ImageIds { get; set; }

    /// <summary>Manifest types that the caller reads.</summary>
    public List<string>? AcceptedMediaTypes { get; set; }
}

public class BatchDeleteImageRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>1 to 100 digests or tags; a digest with all its tags.</summary>
    public List<ImageIdentifier>? ImageIds { get; set; }
}

/// <summary>The images deleted, and those that were not.</summary>
public class BatchDeleteImageResponse : AmazonWebServiceResponse
{
    /// <summary>What was not deleted, and why.</summary>
    public List<ImageFailure>? Failures { get; set; }
}

/// <summary>The manifests found, and what was not.</summary>
internal class BatchGetImageResponse : AmazonWebServiceResponse
{
    public List<Image>? Images { get; set; }
}

/// <summary>An image that could not be read.</summary>
public class ImageFailure
{
    public string? FailureReason { get; set; }
}

/// <summary>Stores a manifest whose layers are in the repository.</summary>
internal class PutImageRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>The manifest, byte for byte.</summary>
    public string? ImageManifest { get; set; }

    /// <summary>Needed when the manifest does not name it.</summary>
    public string? ImageManifestMediaType { get; set; }

    /// <summary>Absent: untagged.</summary>
    public string? ImageTag { get; set; }

    /// <summary>ECR refuses the manifest when its digest differs.</summary>
    public string? ImageDigest { get; set; }
}

internal class PutImageResponse : AmazonWebServiceResponse;

/// <summary>A manifest in a repository.</summary>
internal class Image
{
    public ImageIdentifier? ImageId { get; set; }

    /// <summary>The manifest, byte for byte.</summary>
    public string? ImageManifest { get; set; }

    /// <summary>The manifest's media type.</summary>
    public string? ImageManifestMediaType { get; set; }
}

/// <summary>An image by digest or tag.</summary>
public class ImageIdentifier
{
    /// <summary><c>sha256:…</c>.</summary>
    public string? ImageDigest { get; set; }

    public string? ImageTag { get; set; }
}
