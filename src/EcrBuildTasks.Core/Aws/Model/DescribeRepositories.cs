using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests repositories by name, or all.</summary>
public class DescribeRepositoriesRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>Absent: all.</summary>
    public List<string>? RepositoryNames { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000; not with names.</summary>
    public int? MaxResults { get; set; }
}

public class DescribeRepositoriesResponse : AmazonWebServiceResponse
{
    /// <summary>The repositories of this page.</summary>
    public List<Repository>? Repositories { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}
