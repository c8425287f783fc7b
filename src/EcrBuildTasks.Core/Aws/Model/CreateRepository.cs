using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

internal class CreateRepositoryRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

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

internal class CreateRepositoryResponse : AmazonWebServiceResponse
{
    public Repository? Repository { get; set; }
}

internal class DeleteRepositoryRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    /// <summary>Required if the repository has images.</summary>
    public bool? Force { get; set; }
}

internal class DeleteRepositoryResponse : AmazonWebServiceResponse;
