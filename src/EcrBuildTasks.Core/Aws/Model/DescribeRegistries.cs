using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the public registries of the caller's account.</summary>
internal class DescribeRegistriesRequest : AmazonECRRequest
{
    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int? MaxResults { get; set; }
}

internal class DescribeRegistriesResponse : AmazonWebServiceResponse
{
    /// <summary>The registries of this page; an account has one.</summary>
    public List<PublicRegistry>? Registries { get; set; }
}

internal class PublicRegistry
{
    /// <summary>The 12 digits of its account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The names under which its images can be addressed.</summary>
    public List<RegistryAlias>? Aliases { get; set; }
}

/// <summary>A name of a public registry.</summary>
internal class RegistryAlias
{
    /// <summary>The alias.</summary>
    public string? Name { get; set; }

    /// <summary><c>ACTIVE</c>, <c>PENDING</c> or <c>REJECTED</c>.</summary>
    public string? Status { get; set; }
}
