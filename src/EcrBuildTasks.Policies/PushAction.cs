using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>The repository actions that a push needs, as AWS's page of push permissions lists them.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html and, for public registries,
/// https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policy-examples.html
/// </remarks>
public static class PushAction
{
    private const string Prefix = "ecr:";
    private const string PublicPrefix = "ecr-public:";

    /// <summary>Get an authorization token; on no repository, and never granted by a repository policy.</summary>
    public const string GetAuthorizationToken = "ecr:GetAuthorizationToken";

    /// <summary>The second action that AWS requires for a token of ECR Public; on <c>*</c> only.</summary>
    public const string GetServiceBearerToken = "sts:GetServiceBearerToken";

    /// <summary>Check which layers exist.</summary>
    public const string BatchCheckLayerAvailability = "ecr:BatchCheckLayerAvailability";

    public const string BatchGetImage = "ecr:BatchGetImage";

    /// <summary>Begin to upload a layer.</summary>
    public const string InitiateLayerUpload = "ecr:InitiateLayerUpload";

    public const string UploadLayerPart = "ecr:UploadLayerPart";

    /// <summary>End the upload of a layer.</summary>
    public const string CompleteLayerUpload = "ecr:CompleteLayerUpload";

    /// <summary>Put a manifest and its tag.</summary>
    public const string PutImage = "ecr:PutImage";

    /// <summary>List existing tags; only floating tags require it.</summary>
    public const string ListImages = "ecr:ListImages";

    /// <summary>Create a repository; required when the push, or a creation template, creates a missing one.</summary>
    public const string CreateRepository = "ecr:CreateRepository";

    /// <summary>Read the findings of an image scan; required only by a push that waits for the scan.</summary>
    public const string DescribeImageScanFindings = "ecr:DescribeImageScanFindings";

    /// <summary>The actions on the repository, in the order in which a push needs them.</summary>
    public static IReadOnlyList<string> OnRepository { get; } =
    [BatchCheckLayerAvailability, BatchGetImage, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage];

    // Anybody may read a public repository, so that no action stands for it.
    private static readonly IReadOnlyList<string> OnPublicRepository =
    [
        .. OnRepository.Where(action => action is not BatchGetImage).Select(InPublic),
    ];

    private static readonly string[] PushOnly =
    [
        CreateRepository,
        InitiateLayerUpload,
        UploadLayerPart,
        CompleteLayerUpload,
        PutImage,
    ];

    /// <summary>The actions that are about a token, of either kind of registry.</summary>
    internal static IReadOnlyList<string> TokenActions { get; } =
    [GetAuthorizationToken, InPublic(GetAuthorizationToken), GetServiceBearerToken];

    /// <summary>The actions on a repository of this kind of registry, in the order in which a push needs them.</summary>
    public static IReadOnlyList<string> On(RegistryKind kind) =>
        kind is RegistryKind.Public ? OnPublicRepository : OnRepository;

    /// <summary><see cref="GetAuthorizationToken"/>, as this kind of registry calls it.</summary>
    public static string TokenOf(RegistryKind kind) => In(kind, GetAuthorizationToken);

    /// <summary>An action of private registries, as this kind of registry calls it.</summary>
    public static string In(RegistryKind kind, string action) =>
        kind is RegistryKind.Public ? InPublic(action) : action;

    /// <summary>Whether an action is about a token, and not about a repository.</summary>
    public static bool IsOfToken(string action) => TokenActions.Contains(action, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a push needs the action and a pull does not.</summary>
    internal static bool IsForPushOnly(string action) =>
        PushOnly.Contains(InPrivate(action), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether ECR may create a missing repository when it is asked for the action: by a creation template when a push writes, by a pull
    /// through cache rule when an image is read.
    /// </summary>
    public static bool MayCreateRepository(string action) =>
        InPrivate(action) is BatchGetImage or InitiateLayerUpload or UploadLayerPart or CompleteLayerUpload or PutImage;

    /// <summary>Whether an action creates a repository, of either kind of registry.</summary>
    public static bool Creates(string action) => InPrivate(action) is CreateRepository;

    /// <summary>The action of private registries that does the same, such as <c>ecr:PutImage</c>.</summary>
    public static string InPrivate(string action) =>
        action.StartsWith(PublicPrefix, StringComparison.OrdinalIgnoreCase)
            ? Prefix + action[PublicPrefix.Length..]
            : action;

    private static string InPublic(string action) => PublicPrefix + action[Prefix.Length..];
}
