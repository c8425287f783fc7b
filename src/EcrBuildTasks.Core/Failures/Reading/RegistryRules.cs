namespace EcrBuildTasks.Failures.Reading;

/// <summary>ECR's own sentences about images and repositories, and the codes of its API.</summary>
internal static class RegistryRules
{
    public static IReadOnlyList<FailureRule> All { get; } =
    [
        new(FailureKind.TokenExpired, "authorization token has expired", "authorization token is expired"),
        new(FailureKind.TagLimit, "maximum allowed number of tags per image", "maximum number of tags per image"),
        new(FailureKind.ImageLimit, "maximum allowed number of images", "maximum number of images"),
        new(
            FailureKind.TagImmutable,
            "already exists in the",
            "ImageTagAlreadyExistsException",
            "because the tag is immutable",
            "because the repository is immutable",
            "tag is immutable"
        )
        {
            Pattern =
                @"already exists in the [^:]*cannot be overwritten|ImageTagAlreadyExists|(tag|repository) is immutable",
        },
        new(
            FailureKind.ManifestBlobUnknown,
            "manifest blob unknown",
            "MANIFEST_BLOB_UNKNOWN",
            "required for pushing image into repository",
            "LayersNotFoundException",
            "ReferencedImagesNotFoundException",
            "blob unknown to registry"
        ),
        new(
            FailureKind.LayerPartTooSmall,
            "except the last part should be at least",
            "LayerPartTooSmall",
            "layer parts must be at least",
            "layer part is too small"
        ),
        new(FailureKind.LayerEmptyUpload, "does not have any parts", "EmptyUploadException", "contain any layer parts"),
        new(
            FailureKind.LayerDigestMismatch,
            "none of the provided layer digests match",
            "InvalidLayerException",
            "DIGEST_INVALID",
            "digest invalid",
            "digest did not match",
            "match the digest specified"
        ),
        new(
            FailureKind.UploadNoLocation,
            "no location header",
            "missing location header",
            "without a location header",
            "no upload location"
        ),
        new(FailureKind.MediaTypeUnsupported, "media type", "mediaType", "UnsupportedImageType", "unsupported manifest")
        {
            Pattern =
                @"media\s?types?\b.*\b(not|un)\s?supported|unsupported.*media\s?type|(unknown|unrecognized) media\s?type|media\s?type.*(invalid|not allowed)|UnsupportedImageType",
        },
        new(FailureKind.PolicyPrincipalNotFound, "principal not found", "invalid principal in policy"),
        new(
            FailureKind.PolicyInvalid,
            "invalid repository policy",
            "invalid registry policy",
            "'PolicyText'",
            "MalformedPolicyDocument"
        ),
        new(FailureKind.RepositoryPolicyNotFound, "repository policy does not exist", "RepositoryPolicyNotFound"),
        new(FailureKind.RepositoryNotFound, "RegistryNotFoundException") { Code = EcrCode.PublicAliasUnknown },
        new(
            FailureKind.RepositoryNotFound,
            "repository with name",
            "RepositoryNotFoundException",
            "name unknown",
            "NAME_UNKNOWN",
            "CONTAINER1015",
            "elastic container registry failed prematurely",
            "does not exist or no pull access",
            "repository name not known"
        )
        {
            Pattern =
                @"repository with name [^:]*does not exist in|RepositoryNotFoundException|name unknown|NAME_UNKNOWN|container1015|failed prematurely|does not exist or no pull access|repository name not known",
        },
        new(
            FailureKind.ImageNotFound,
            "manifest unknown",
            "MANIFEST_UNKNOWN",
            "requested image not found",
            "ImageNotFoundException",
            "does not exist within the repository",
            "CONTAINER2004",
            "manifest for"
        ),
        new(
            FailureKind.ImageNotFound,
            "does not exist locally",
            "no such image",
            "image not known",
            "tag does not exist"
        )
        {
            Code = EcrCode.SourceImageMissing,
        },
        new(
            FailureKind.InvalidTag,
            "/manifests/",
            "invalid reference format",
            "tag invalid",
            "TAG_INVALID",
            "invalid tag",
            "CONTAINER2007",
            "CONTAINER2010",
            "not a valid tag",
            "illegal tag",
            "tag can only contain",
            "could not parse reference",
            "image tags must be"
        )
        {
            Pattern =
                @"/manifests/[\w.-]*[^\w.:/\s""'?%-][^\s:]*.*\b400\b|/manifests/[\w.-]*%2b[^\s:]*.*\b400\b|invalid reference format|tag invalid|TAG_INVALID|invalid (image )?tag\b|container20(07|10)|not a valid (image )?tag|illegal tag|tag can only contain|could not parse reference|image tags must be",
        },
        new(FailureKind.Unexpected201, " 201", "(201", "=201", ":201")
        {
            Pattern =
                @"(upload|chunk|blob|patch|unexpected|expected|layer).*(status( code)?|failed|got|received|returned|code)\b[^\d]{0,12}201\b|\b201\b.{0,20}(instead of|expected|but expected).{0,20}202|expected.{0,20}202.*201|(upload|chunk|blob|patch|unexpected).*: 201\b|status code 'created'",
        },
        new(FailureKind.Unexpected201, "received status code 'Created'"),
    ];
}
