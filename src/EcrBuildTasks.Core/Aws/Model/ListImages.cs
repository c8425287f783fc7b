using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the tags and digests of a repository's images.</summary>
internal class ListImagesRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int? MaxResults { get; set; }

    public ListImagesFilter? Filter { get; set; }
}

internal class ListImagesFilter
{
    /// <summary><c>TAGGED</c>, <c>UNTAGGED</c> or <c>ANY</c>.</summary>
    public string? TagStatus { get; set; }

    /// <summary><c>ACTIVE</c>, <c>ARCHIVED</c>, <c>ACTIVATING</c> or <c>ANY</c>; absent: <c>ACTIVE</c>.</summary>
    public string? ImageStatus { get; set; }
}

/// <summary>The images, one entry for each tag.</summary>
internal class ListImagesResponse : AmazonWebServiceResponse
{
    /// <summary>The tags and digests of this page.</summary>
    public List<ImageIdentifier>? ImageIds { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}
