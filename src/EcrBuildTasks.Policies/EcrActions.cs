using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>The actions of Amazon ECR, and the one of STS that ECR Public asks for.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
/// </remarks>
public static class EcrActions
{
    public const string GetDownloadUrlForLayer = "ecr:GetDownloadUrlForLayer";

    /// <summary>The repository actions that a pull from a private registry needs.</summary>
    public static IReadOnlyList<string> ForPull { get; } = [PushAction.BatchGetImage, GetDownloadUrlForLayer];

    /// <summary>Fetch an image from upstream into a pull through cache.</summary>
    public const string BatchImportUpstreamImage = "ecr:BatchImportUpstreamImage";

    public const string DescribeRepositoryCreationTemplates = "ecr:DescribeRepositoryCreationTemplates";

    public const string PutLifecyclePolicy = "ecr:PutLifecyclePolicy";

    public const string SetRepositoryPolicy = "ecr:SetRepositoryPolicy";

    // A push works without them; they tell what it will meet.
    private const string LookUps = """
        DescribeRepositories GetRepositoryPolicy GetRegistryPolicy DescribeRegistry GetAccountSetting DescribeImages
        ListTagsForResource DescribeRepositoryCreationTemplates DescribePullThroughCacheRules GetSigningConfiguration
        DescribeImageSigningStatus
        """;

    private const string PublicLookUps = """
        DescribeRegistries DescribeRepositories GetRepositoryPolicy DescribeImages DescribeImageTags ListTagsForResource
        """;

    private const string OnRepository = """
        BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration
        BatchImportUpstreamImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository
        DeleteRepositoryPolicy DescribeImageReplicationStatus DescribeImages DescribeImageScanFindings
        DescribeImageSigningStatus DescribeRepositories GetDownloadUrlForLayer GetImageCopyStatus
        GetLifecyclePolicy GetLifecyclePolicyPreview GetRepositoryPolicy InitiateLayerUpload ListImageReferrers
        ListImages ListTagsForResource PutImage PutImageScanningConfiguration PutImageTagMutability
        PutLifecyclePolicy ReplicateImage SetRepositoryPolicy StartImageScan StartLifecyclePolicyPreview
        TagResource UntagResource UpdateImageStorageClass UploadLayerPart
        """;

    // No policy of a repository can allow these.
    private const string OnRegistry = """
        CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule
        DeleteRegistryPolicy DeleteRepositoryCreationTemplate DeleteSigningConfiguration
        DeregisterPullTimeUpdateExclusion DescribePullThroughCacheRules DescribeRegistry
        DescribeRepositoryCreationTemplates GetAccountSetting GetAuthorizationToken GetRegistryPolicy
        GetRegistryScanningConfiguration GetSigningConfiguration ListPullTimeUpdateExclusions PutAccountSetting
        PutRegistryPolicy PutRegistryScanningConfiguration PutReplicationConfiguration PutSigningConfiguration
        RegisterPullTimeUpdateExclusion UpdatePullThroughCacheRule UpdateRepositoryCreationTemplate
        ValidatePullThroughCacheRule
        """;

    private const string OnPublicRepository = """
        BatchCheckLayerAvailability BatchDeleteImage CompleteLayerUpload CreateRepository DeleteRepository
        DeleteRepositoryPolicy DescribeImages DescribeImageTags DescribeRepositories GetRepositoryCatalogData
        GetRepositoryPolicy InitiateLayerUpload ListTagsForResource PutImage PutRepositoryCatalogData
        SetRepositoryPolicy TagResource UntagResource UploadLayerPart
        """;

    private const string OnPublicRegistry = """
        DescribeRegistries GetAuthorizationToken GetRegistryCatalogData PutRegistryCatalogData
        """;

    private static readonly string[] OfPrivate = [.. Names("ecr", OnRepository)];
    private static readonly string[] OfPrivateRegistry = [.. Names("ecr", OnRegistry)];
    private static readonly string[] OfPublic = [.. Names("ecr-public", OnPublicRepository)];
    private static readonly string[] OfPublicRegistry = [.. Names("ecr-public", OnPublicRegistry)];

    private static readonly HashSet<string> Known = new(
        [.. OfPrivate, .. OfPrivateRegistry, .. OfPublic, .. OfPublicRegistry, PushAction.GetServiceBearerToken],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> KnownLookUps = new(
        [.. Names("ecr", LookUps), .. Names("ecr-public", PublicLookUps)],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether the preflight asks for the action and a push does not need it.</summary>
    public static bool IsLookUp(string action) => KnownLookUps.Contains(action);

    /// <summary>The action that an operation of the API of these registries needs.</summary>
    public static string ForOperation(RegistryKind kind, string operation) =>
        $"{(kind is RegistryKind.Public ? "ecr-public" : "ecr")}:{operation}";

    /// <summary>Whether it is an action of these services.</summary>
    public static bool Include(string action) =>
        action.StartsWith("ecr:", StringComparison.OrdinalIgnoreCase) || IsPublic(action);

    /// <summary>Whether the action is one of Amazon ECR Public.</summary>
    public static bool IsPublic(string action) => action.StartsWith("ecr-public:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this is the name of one action, in any case; a pattern is none.</summary>
    internal static bool IsKnown(string action) => Known.Contains(action);

    /// <summary>The actions that a repository policy can allow.</summary>
    internal static IReadOnlyList<string> OnRepositories(bool isPublic) => isPublic ? OfPublic : OfPrivate;

    /// <summary>The actions that apply to a whole registry.</summary>
    internal static IReadOnlyList<string> OnRegistries(bool isPublic) =>
        isPublic ? OfPublicRegistry : OfPrivateRegistry;

    private static IEnumerable<string> Names(string service, string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => $"{service}:{name}");
}
