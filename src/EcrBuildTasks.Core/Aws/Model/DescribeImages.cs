using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests images of a repository.</summary>
public class DescribeImagesRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>Absent: all.</summary>
    public List<ImageIdentifier>? ImageIds { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000; not with ids.</summary>
    public int? MaxResults { get; set; }

    public DescribeImagesFilter? Filter { get; set; }
}

public class DescribeImagesFilter
{
    /// <summary><c>TAGGED</c>, <c>UNTAGGED</c> or <c>ANY</c>.</summary>
    public string? TagStatus { get; set; }
}

public class DescribeImagesResponse : AmazonWebServiceResponse
{
    /// <summary>The images of this page.</summary>
    public List<ImageDetail>? ImageDetails { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}

/// <summary>What ECR knows of an image.</summary>
public class ImageDetail
{
    /// <summary>The manifest's digest, <c>sha256:…</c>.</summary>
    public string? ImageDigest { get; set; }

    /// <summary>Compressed size of its layers.</summary>
    public long? ImageSizeInBytes { get; set; }

    /// <summary>UTC.</summary>
    public DateTime? ImagePushedAt { get; set; }

    /// <summary><c>ACTIVE</c>, <c>ARCHIVED</c> or <c>ACTIVATING</c>.</summary>
    public string? ImageStatus { get; set; }
}
