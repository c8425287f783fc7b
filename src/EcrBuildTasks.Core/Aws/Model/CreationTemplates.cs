using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the repository creation templates of the caller's own registry.</summary>
internal class DescribeRepositoryCreationTemplatesRequest : AmazonECRRequest
{
    /// <summary>Absent: all.</summary>
    public List<string>? Prefixes { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int? MaxResults { get; set; }
}

internal class DescribeRepositoryCreationTemplatesResponse : AmazonWebServiceResponse
{
    /// <summary>The 12 digits of the registry's account.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The templates of this page.</summary>
    public List<RepositoryCreationTemplate>? RepositoryCreationTemplates { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}

/// <summary>What repositories are like that ECR creates by itself.</summary>
internal class RepositoryCreationTemplate
{
    /// <summary>The namespace that it is for, or <c>ROOT</c>.</summary>
    public string? Prefix { get; set; }

    /// <summary>When it is used: <c>CREATE_ON_PUSH</c>, <c>PULL_THROUGH_CACHE</c>, <c>REPLICATION</c>.</summary>
    public List<string>? AppliedFor { get; set; }

    /// <summary>One of <see cref="Model.ImageTagMutability"/>.</summary>
    public string? ImageTagMutability { get; set; }

    /// <summary>Tags that the mutability setting does not cover.</summary>
    public List<ImageTagMutabilityExclusionFilter>? ImageTagMutabilityExclusionFilters { get; set; }

    /// <summary>The policy that new repositories get, JSON.</summary>
    public string? RepositoryPolicy { get; set; }

    public List<Tag>? ResourceTags { get; set; }

    public EncryptionConfiguration? EncryptionConfiguration { get; set; }

    /// <summary>The role that ECR assumes to create; required for tags and KMS keys.</summary>
    public string? CustomRoleArn { get; set; }
}
