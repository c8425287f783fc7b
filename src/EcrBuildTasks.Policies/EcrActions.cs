namespace EcrBuildTasks.Policies;

/// <summary>The actions of Amazon ECR, and the one of STS that ECR Public asks for.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
/// </remarks>
internal static class EcrActions
{
    private const string Private = """
        BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration
        BatchImportUpstreamImage CompleteLayerUpload CreatePullThroughCacheRule CreateRepository
        CreateRepositoryCreationTemplate DeleteLifecyclePolicy DeletePullThroughCacheRule DeleteRegistryPolicy
        DeleteRepository DeleteRepositoryCreationTemplate DeleteRepositoryPolicy DeleteSigningConfiguration
        DeregisterPullTimeUpdateExclusion DescribeImageReplicationStatus DescribeImages DescribeImageScanFindings
        DescribeImageSigningStatus DescribePullThroughCacheRules DescribeRegistry DescribeRepositories
        DescribeRepositoryCreationTemplates GetAccountSetting GetAuthorizationToken GetDownloadUrlForLayer
        GetImageCopyStatus GetLifecyclePolicy GetLifecyclePolicyPreview GetRegistryPolicy
        GetRegistryScanningConfiguration GetRepositoryPolicy GetSigningConfiguration InitiateLayerUpload
        ListImageReferrers ListImages ListPullTimeUpdateExclusions ListTagsForResource PutAccountSetting PutImage
        PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy PutRegistryPolicy
        PutRegistryScanningConfiguration PutReplicationConfiguration PutSigningConfiguration
        RegisterPullTimeUpdateExclusion ReplicateImage SetRepositoryPolicy StartImageScan StartLifecyclePolicyPreview
        TagResource UntagResource UpdateImageStorageClass UpdatePullThroughCacheRule
        UpdateRepositoryCreationTemplate UploadLayerPart ValidatePullThroughCacheRule
        """;

    private const string Public = """
        BatchCheckLayerAvailability BatchDeleteImage CompleteLayerUpload CreateRepository DeleteRepository
        DeleteRepositoryPolicy DescribeImages DescribeImageTags DescribeRegistries DescribeRepositories
        GetAuthorizationToken GetRegistryCatalogData GetRepositoryCatalogData GetRepositoryPolicy InitiateLayerUpload
        ListTagsForResource PutImage PutRegistryCatalogData PutRepositoryCatalogData SetRepositoryPolicy TagResource
        UntagResource UploadLayerPart
        """;

    private static readonly HashSet<string> Known = new(
        [.. Names("ecr", Private), .. Names("ecr-public", Public), "sts:GetServiceBearerToken"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether this is the name of one action, in any case; a pattern is none.</summary>
    public static bool IsKnown(string action) => Known.Contains(action);

    private static IEnumerable<string> Names(string service, string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => $"{service}:{name}");
}
