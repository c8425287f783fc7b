using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Asks for the public registries of the caller's account.</summary>
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

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}

internal class PublicRegistry
{
    /// <summary>The 12 digits of its account.</summary>
    public string? RegistryId { get; set; }

    public string? RegistryArn { get; set; }

    /// <summary>What the references of its images begin with; empty as long as it has no repository.</summary>
    public string? RegistryUri { get; set; }

    /// <summary>Whether AWS has verified its owner.</summary>
    public bool? Verified { get; set; }

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

    /// <summary>Whether it is the one that is shown.</summary>
    public bool? PrimaryRegistryAlias { get; set; }

    /// <summary>Whether AWS chose it.</summary>
    public bool? DefaultRegistryAlias { get; set; }
}
