using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

internal class ListTagsForResourceRequest : AmazonECRRequest
{
    /// <summary>The ARN of a repository.</summary>
    public string? ResourceArn { get; set; }
}

internal class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public List<Tag>? Tags { get; set; }
}
