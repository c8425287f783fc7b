using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Creates a repository.</summary>
internal class CreateRepositoryRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>Resource tags.</summary>
    public List<Tag>? Tags { get; set; }

    /// <summary>One of <see cref="Model.ImageTagMutability"/>.</summary>
    public string? ImageTagMutability { get; set; }

    /// <summary>Tags that the mutability setting does not cover.</summary>
    public List<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters { get; set; }

    /// <summary>Absent: no scan on push.</summary>
    public ImageScanningConfiguration? ImageScanningConfiguration { get; set; }

    /// <summary>Absent: AES256.</summary>
    public EncryptionConfiguration? EncryptionConfiguration { get; set; }
}

/// <summary>The new repository.</summary>
internal class CreateRepositoryResponse : AmazonWebServiceResponse
{
    /// <summary>The new repository.</summary>
    public Repository? Repository { get; set; }
}
