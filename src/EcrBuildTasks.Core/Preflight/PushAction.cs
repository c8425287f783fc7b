namespace EcrBuildTasks.Preflight;

/// <summary>The repository actions that a push needs, as AWS's page of push permissions lists them.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html</remarks>
public static class PushAction
{
    /// <summary>Get an authorization token; on no repository, and never granted by a repository policy.</summary>
    public const string GetAuthorizationToken = "ecr:GetAuthorizationToken";

    /// <summary>Ask which layers are there.</summary>
    public const string BatchCheckLayerAvailability = "ecr:BatchCheckLayerAvailability";

    /// <summary>Ask for a manifest.</summary>
    public const string BatchGetImage = "ecr:BatchGetImage";

    /// <summary>Begin to upload a layer.</summary>
    public const string InitiateLayerUpload = "ecr:InitiateLayerUpload";

    /// <summary>Upload a part of a layer.</summary>
    public const string UploadLayerPart = "ecr:UploadLayerPart";

    /// <summary>End the upload of a layer.</summary>
    public const string CompleteLayerUpload = "ecr:CompleteLayerUpload";

    /// <summary>Put a manifest and its tag.</summary>
    public const string PutImage = "ecr:PutImage";

    /// <summary>Look at the tags that there are, which floating tags need and nothing else does.</summary>
    public const string ListImages = "ecr:ListImages";

    /// <summary>The actions on the repository, in the order in which a push needs them.</summary>
    public static IReadOnlyList<string> OnRepository { get; } =
    [BatchCheckLayerAvailability, BatchGetImage, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage];
}
