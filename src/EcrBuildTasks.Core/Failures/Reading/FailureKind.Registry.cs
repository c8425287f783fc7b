using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures.Reading;

public sealed partial record FailureKind
{
    private const string OtherClient =
        "Use a client that knows Amazon ECR, or a newer version of this one; `docker push` and `dotnet publish /t:PushToEcr` do.";

    /// <summary>The repository does not exist.</summary>
    internal static readonly FailureKind RepositoryNotFound = new(
        "repository-not-found",
        EcrCode.RepositoryMissing,
        Evidence.Cause,
        "The repository does not exist in this registry.",
        "Compare account, region and the repository's whole name, then create it with `aws ecr create-repository` (for public.ecr.aws `aws ecr-public create-repository --region us-east-1`), or let the build do so with EcrCreateRepository=true."
    );

    /// <summary>The image does not exist.</summary>
    internal static readonly FailureKind ImageNotFound = new(
        "image-not-found",
        EcrCode.ImageMissing,
        Evidence.Cause,
        "The image does not exist under this name and tag.",
        "Compare the tag with `aws ecr list-images`; a lifecycle policy may have deleted it, or the step that pushes it has not run."
    );

    internal static readonly FailureKind RepositoryPolicyNotFound = new(
        "repository-policy-not-found",
        EcrCode.RepositoryPolicySilent,
        Evidence.Circumstance,
        "The repository has no policy.",
        "Within the account none is needed. For a push from another account set one with `aws ecr set-repository-policy`."
    );

    /// <summary>The tag exists and stays.</summary>
    internal static readonly FailureKind TagImmutable = new(
        "tag-immutable",
        EcrCode.TagImmutable,
        Evidence.Cause,
        "The tag exists and the repository does not let it be overwritten.",
        "Push another version; a tag such as `latest` needs an exclusion filter or a mutable repository."
    );

    /// <summary>The tag is no legal tag.</summary>
    internal static readonly FailureKind InvalidTag = new(
        "invalid-tag",
        EcrCode.TagInvalid,
        Evidence.Cause,
        "The tag has characters that a tag cannot have.",
        "A tag has at most 128 letters, digits, `.`, `_` and `-`; write `_` or `-` for the `+` of a version."
    );

    internal static readonly FailureKind ImageLimit = new(
        "image-limit",
        EcrCode.QuotaExceeded,
        Evidence.Cause,
        "The repository holds as many images as its quota allows.",
        "Let a lifecycle policy delete old images, or ask for a higher quota under Service Quotas."
    );

    /// <summary>The image has too many tags.</summary>
    internal static readonly FailureKind TagLimit = new(
        "tag-limit",
        EcrCode.QuotaExceeded,
        Evidence.Cause,
        "The image has as many tags as its quota allows.",
        "Delete old tags of this image, or make each build's image its own, for example by a label that differs."
    );

    internal static readonly FailureKind RateLimited = new(
        "rate-limited",
        EcrCode.Throttled,
        Evidence.Circumstance,
        "Too many requests in a short time.",
        "Try again in a minute, with fewer pushes or pulls at once; get one authorization token for the whole job."
    );

    internal static readonly FailureKind LayerPartTooSmall = new(
        "layer-part-too-small",
        EcrCode.ProtocolMismatch,
        Evidence.Cause,
        "The client sends a layer in parts smaller than the 5 MiB that Amazon ECR insists on.",
        "Let the client send each layer in one request, or in chunks of at least 5 MiB.",
        OtherClient
    );

    /// <summary>A layer does not have the digest it was said to have.</summary>
    internal static readonly FailureKind LayerDigestMismatch = new(
        "layer-digest-mismatch",
        EcrCode.ImageRefused,
        Evidence.Cause,
        "A layer's content does not have the digest that the client gave.",
        "Build the image anew without cache and push again; if it stays, the client sends damaged or wrongly cut data, or a proxy changes it."
    );

    internal static readonly FailureKind LayerEmptyUpload = new(
        "layer-empty-upload",
        EcrCode.ProtocolMismatch,
        Evidence.Cause,
        "The client ended the upload of a layer without having sent anything; Amazon ECR refuses that.",
        "An artifact with an empty layer cannot be pushed so: give it the two bytes `{}` as its content.",
        OtherClient
    );

    /// <summary>The client takes 201 for a failure.</summary>
    internal static readonly FailureKind Unexpected201 = new(
        "unexpected-201",
        EcrCode.ProtocolMismatch,
        Evidence.Cause,
        "Amazon ECR answers a part of a layer with 201 where the specification says 202, and the client takes that for a failure.",
        OtherClient
    );

    /// <summary>The client misses where to upload to.</summary>
    internal static readonly FailureKind UploadNoLocation = new(
        "upload-no-location",
        EcrCode.ProtocolMismatch,
        Evidence.Cause,
        "The registry's answer to the beginning of an upload had no Location, so that the client did not know where to send the layer.",
        "Look whether the repository exists and whether a proxy stands between: both cut the answer.",
        OtherClient
    );

    /// <summary>A manifest refers to what is not there.</summary>
    internal static readonly FailureKind ManifestBlobUnknown = new(
        "manifest-blob-unknown",
        EcrCode.ImageRefused,
        Evidence.Cause,
        "The manifest refers to images or layers that are not in the repository.",
        "Push the layers and, of a multi-architecture image, the images of all architectures before the index, into the same repository."
    );

    /// <summary>A media type that the service does not know.</summary>
    internal static readonly FailureKind MediaTypeUnsupported = new(
        "media-type-unsupported",
        EcrCode.ImageRefused,
        Evidence.Cause,
        "The service does not support the media type of the image's manifest, configuration or layers.",
        "Build a single image without attestations: `docker buildx build --provenance=false --sbom=false --output type=image,oci-mediatypes=false,push=true`."
    );

    /// <summary>A 400 whose reason was lost.</summary>
    internal static readonly FailureKind BadRequestOpaque = new(
        "bad-request-opaque",
        EcrCode.ImageRefused,
        Evidence.Symptom,
        "The registry answered 400 and the client lost the reason.",
        "The commonest reasons: the tag exists and the repository is immutable; the manifest refers to what was not pushed; the tag is not allowed.",
        "Push the same image with `docker push` or `crane push`, which show ECR's own sentence."
    );

    /// <summary>A principal of a policy does not exist.</summary>
    internal static readonly FailureKind PolicyPrincipalNotFound = new(
        "policy-principal-not-found",
        EcrCode.PolicyRefused,
        Evidence.Cause,
        "A principal of the policy does not exist, so AWS does not take the policy.",
        "Look for deleted roles and users, for ids such as AROA…, and for the wrong account or partition in the ARNs.",
        "A role that was just created may be invisible for some seconds: try again."
    );

    /// <summary>A policy that AWS does not take.</summary>
    internal static readonly FailureKind PolicyInvalid = new(
        "policy-invalid",
        EcrCode.PolicyRefused,
        Evidence.Cause,
        "AWS does not take the policy.",
        $"A repository policy has no Resource element, only ecr: actions but not {PushAction.GetAuthorizationToken}, and at most 10,240 characters."
    );

    /// <summary>A parameter that ECR does not take.</summary>
    internal static readonly FailureKind InvalidParameter = new(
        "invalid-parameter",
        EcrCode.ParameterInvalid,
        Evidence.Circumstance,
        "Amazon ECR does not take a parameter of the request.",
        "Compare it with the pattern in the message: an account id has 12 digits, a repository name is in lower case and has neither host nor tag."
    );
}
