using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>Every operation, with all that its request can hold and all that its answer may.</summary>
internal static class WireCalls
{
    private const string Account = "444455556666";
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Upload = "11111111-2222-3333-4444-555555555555";
    private const string Manifest = """{"schemaVersion":2,"x":"Ünïcode \\ \"+<&>\u2028"}""";
    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Sid":"Ünïcode + <more>\u0000"}]}""";

    /// <summary>The AWS CLI takes no lifecycle policy of less than 100 characters.</summary>
    private static readonly string LongPolicy =
        $$"""{"rules":[{"description":"Ünïcode + <more> {{new string('x', 80)}}"}]}""";

    /// <summary>What ECR Public has in common with ECR, whose shapes must be the same then.</summary>
    private static readonly string[] InCommon =
    [
        "DescribeRepositories by pages",
        "GetRepositoryPolicy",
        "SetRepositoryPolicy",
        "DeleteRepositoryPolicy",
        "DeleteRepository",
        "BatchDeleteImage",
        "BatchCheckLayerAvailability",
        "InitiateLayerUpload",
        "UploadLayerPart",
        "CompleteLayerUpload",
        "PutImage",
    ];

    private static readonly string[] Named = ["--registry-id", Account, "--repository-name", "team/app"];

    private static readonly WireCall[] Private =
    [
        new(
            "GetAuthorizationToken",
            new GetAuthorizationTokenRequest { RegistryIds = [Account, "111122223333"] },
            ["--registry-ids", Account, "111122223333"],
            """
            {"authorizationData":[{"authorizationToken":"QVdTOnB3","expiresAt":1.7E9,"proxyEndpoint":"https://a.example"},
            {"authorizationToken":"QVdTOnB3","expiresAt":1700000000,"proxyEndpoint":"https://b.example"},
            {"authorizationToken":null,"expiresAt":1700000000.125,"somethingNew":{"deep":[1,{"x":null}]}}],"alsoNew":true}
            """
        ),
        new(
            "GetAuthorizationToken of the caller",
            new GetAuthorizationTokenRequest(),
            [],
            """{"authorizationData":[]}"""
        ),
        new(
            "GetAuthorizationToken with dates in words",
            new GetAuthorizationTokenRequest(),
            [],
            """
            {"authorizationData":[{"expiresAt":"2026-11-25T06:40:27Z"},{"expiresAt":"2026-11-25T08:40:27.5+02:00"},
            {"expiresAt":0},{"expiresAt":null}]}
            """
        ),
        new(
            "DescribeRepositories",
            new DescribeRepositoriesRequest { RegistryId = Account, RepositoryNames = ["app", "team/app"] },
            ["--registry-id", Account, "--repository-names", "app", "team/app"],
            """
            {"repositories":[{"repositoryArn":"arn:aws:ecr:eu-west-1:444455556666:repository/app","registryId":"444455556666",
            "repositoryName":"app","repositoryUri":"444455556666.dkr.ecr.eu-west-1.amazonaws.com/app","createdAt":1.5632236565E9,
            "imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{"scanOnPush":true,"new":1},"encryptionConfiguration":
            {"encryptionType":"KMS","kmsKey":"arn:aws:kms:eu-west-1:444455556666:key/k"}},{"repositoryName":"team/app",
            "createdAt":1563223656,"imageScanningConfiguration":{"scanOnPush":false},"encryptionConfiguration":null},{}]}
            """
        ),
        new(
            "DescribeRepositories by pages",
            new DescribeRepositoriesRequest { NextToken = "t+/=", MaxResults = 7 },
            ["--next-token", "t+/=", "--max-results", "7"],
            """{"repositories":[],"nextToken":"n"}"""
        ),
        new("DescribeRepositories with nothing in the answer", new DescribeRepositoriesRequest(), [], "{}"),
        new(
            "GetRepositoryPolicy",
            new GetRepositoryPolicyRequest { RegistryId = Account, RepositoryName = "team/app" },
            Named,
            """{"registryId":"444455556666","repositoryName":"team/app","policyText":"{\n  \"Version\" : \"2012-10-17\"\n}"}"""
        ),
        new(
            "GetDownloadUrlForLayer",
            new GetDownloadUrlForLayerRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                LayerDigest = Digest,
            },
            [.. Named, "--layer-digest", Digest],
            $$"""{"downloadUrl":"https://example.com/","layerDigest":"{{Digest}}"}"""
        ),
        new(
            "ListTagsForResource",
            new ListTagsForResourceRequest { ResourceArn = "arn:aws:ecr:eu-west-1:444455556666:repository/team/app" },
            ["--resource-arn", "arn:aws:ecr:eu-west-1:444455556666:repository/team/app"],
            """{"tags":[{"Key":"team","Value":"a"},{"Key":"x"},{}]}"""
        ),
        new(
            "GetRegistryPolicy",
            new GetRegistryPolicyRequest(),
            [],
            """{"registryId":"444455556666","policyText":"{\n  \"Version\" : \"2012-10-17\"\n}"}"""
        ),
        new(
            "SetRepositoryPolicy",
            new SetRepositoryPolicyRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                PolicyText = Policy,
                Force = true,
            },
            [.. Named, "--policy-text", Policy, "--force"],
            """{"registryId":"444455556666","repositoryName":"team/app","policyText":"\u00dc\ud83d\ude80"}"""
        ),
        new(
            "DeleteRepositoryPolicy",
            new DeleteRepositoryPolicyRequest { RegistryId = Account, RepositoryName = "team/app" },
            Named,
            """{"registryId":"444455556666","repositoryName":"team/app","policyText":""}"""
        ),
        new(
            "DeleteRepository",
            new DeleteRepositoryRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                Force = true,
            },
            [.. Named, "--force"],
            """{"repository":{"registryId":"444455556666","repositoryName":"team/app"}}"""
        ),
        new(
            "CreateRepository",
            new CreateRepositoryRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageTagMutability = ImageTagMutability.IMMUTABLE,
                ImageScanningConfiguration = new() { ScanOnPush = true },
                EncryptionConfiguration = new() { EncryptionType = "KMS", KmsKey = "k" },
                Tags = [new() { Key = "team", Value = "x" }, new() { Key = "empty", Value = "" }],
            },
            [
                .. Named,
                "--image-tag-mutability",
                "IMMUTABLE",
                "--image-scanning-configuration",
                "scanOnPush=true",
                "--encryption-configuration",
                "encryptionType=KMS,kmsKey=k",
                "--tags",
                """[{"Key":"team","Value":"x"},{"Key":"empty","Value":""}]""",
            ],
            """{"repository":{"repositoryName":"team/app","createdAt":1563223656.789,"imageTagMutability":"IMMUTABLE"}}"""
        ),
        new WireCall(
            "CreateRepository with exceptions from immutability",
            new CreateRepositoryRequest
            {
                RepositoryName = "app",
                ImageTagMutability = ImageTagMutability.IMMUTABLE_WITH_EXCLUSION,
                ImageTagMutabilityExclusionFilters = [new() { FilterType = "WILDCARD", Filter = "dev-*" }],
            },
            [],
            "{}"
        ) with
        {
            NewerThanAwsCli = """
                {"repositoryName":"app","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":
                [{"filterType":"WILDCARD","filter":"dev-*"}]}
                """,
        },
        new(
            "ListImages",
            new ListImagesRequest { RegistryId = Account, RepositoryName = "team/app" },
            Named,
            """
            {"imageIds":[{"imageDigest":"sha256:1","imageTag":"1.0"},{"imageDigest":"sha256:1","imageTag":"a"},{"imageDigest":"sha256:2"},{}]}
            """
        ),
        new(
            "ListImages by pages",
            new ListImagesRequest
            {
                RepositoryName = "app",
                NextToken = "t",
                MaxResults = 1000,
                Filter = new() { TagStatus = "TAGGED" },
            },
            ["--repository-name", "app", "--next-token", "t", "--max-results", "1000", "--filter", "tagStatus=TAGGED"],
            """{"imageIds":[],"nextToken":"n"}"""
        ),
        new WireCall(
            "ListImages with archived ones",
            new ListImagesRequest
            {
                RepositoryName = "app",
                Filter = new() { TagStatus = "TAGGED", ImageStatus = "ANY" },
            },
            [],
            """{"imageIds":[{"imageDigest":"sha256:1","imageTag":"1.0"}]}"""
        ) with
        {
            NewerThanAwsCli = """{"repositoryName":"app","filter":{"tagStatus":"TAGGED","imageStatus":"ANY"}}""",
        },
        new(
            "DescribeImageScanFindings",
            new DescribeImageScanFindingsRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageId = new() { ImageDigest = Digest },
                NextToken = "n",
                MaxResults = 9,
            },
            [.. Named, "--image-id", "imageDigest=" + Digest, "--next-token", "n", "--max-results", "9"],
            """
            {"imageScanStatus":{"status":"COMPLETE","description":"done"},"imageScanFindings":{"findings":[{"name":"CVE-1","uri":"u",
            "severity":"HIGH","attributes":[{"key":"package_name","value":"zlib"}]}],"enhancedFindings":[{"title":"t","severity":"LOW",
            "packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2","sourceUrl":"s","vulnerablePackages":[{"name":"n","version":"1"}]}}]},
            "nextToken":"m"}
            """
        ),
        new(
            "PutLifecyclePolicy",
            new PutLifecyclePolicyRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                LifecyclePolicyText = LongPolicy,
            },
            [.. Named, "--lifecycle-policy-text", LongPolicy],
            """{"registryId":"444455556666","repositoryName":"team/app","lifecyclePolicyText":"{\"rules\":[]}"}"""
        ),
        new(
            "DescribeImages",
            new DescribeImagesRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageIds = [new() { ImageTag = "1.0" }, new() { ImageDigest = Digest, ImageTag = "a" }],
            },
            [.. Named, "--image-ids", "imageTag=1.0", $"imageDigest={Digest},imageTag=a"],
            """
            {"imageDetails":[{"registryId":"444455556666","repositoryName":"team/app","imageDigest":"sha256:1","imageTags":["1.0","a"],
            "imageSizeInBytes":53687091200,"imagePushedAt":1.5632236565E9,"imageManifestMediaType":"m","artifactMediaType":"c",
            "lastRecordedPullTime":1563223656,"imageScanStatus":{"status":"COMPLETE"}},{"imageDigest":"sha256:2","imageTags":[]},
            {"imageDigest":"sha256:3","imageTags":null,"imageSizeInBytes":0}]}
            """
        ),
        new(
            "DescribeImages by pages",
            new DescribeImagesRequest
            {
                RepositoryName = "app",
                NextToken = "t",
                MaxResults = 1000,
                Filter = new() { TagStatus = "UNTAGGED" },
            },
            [
                "--repository-name",
                "app",
                "--next-token",
                "t",
                "--max-results",
                "1000",
                "--filter",
                "tagStatus=UNTAGGED",
            ],
            """{"nextToken":"n"}"""
        ),
        new(
            "BatchDeleteImage",
            new BatchDeleteImageRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageIds = [new() { ImageTag = "1.0" }, new() { ImageDigest = Digest }],
            },
            [.. Named, "--image-ids", "imageTag=1.0", $"imageDigest={Digest}"],
            """
            {"imageIds":[{"imageDigest":"sha256:1","imageTag":"1.0"}],"failures":[{"imageId":{"imageDigest":"sha256:2"},
            "failureCode":"ImageNotFound","failureReason":"Requested image not found"}]}
            """
        ),
        new(
            "BatchCheckLayerAvailability",
            new BatchCheckLayerAvailabilityRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                LayerDigests = [Digest, "sha256:b"],
            },
            [.. Named, "--layer-digests", Digest, "sha256:b"],
            """
            {"layers":[{"layerDigest":"sha256:1","layerAvailability":"AVAILABLE","layerSize":4294967297,"mediaType":"m"},
            {"layerDigest":"sha256:2","layerAvailability":"UNAVAILABLE"}],"failures":[{"layerDigest":"sha256:b",
            "failureCode":"InvalidLayerDigest","failureReason":"no"}]}
            """
        ),
        new(
            "InitiateLayerUpload",
            new InitiateLayerUploadRequest { RegistryId = Account, RepositoryName = "team/app" },
            Named,
            $$"""{"uploadId":"{{Upload}}","partSize":10485760}"""
        ),
        new(
            "UploadLayerPart",
            new UploadLayerPartRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                UploadId = Upload,
                PartFirstByte = 0,
                PartLastByte = 4294967299,
                LayerPartBlob = new([0xfb, 0xff, 0xfe, 0x00]),
            },
            [
                .. Named,
                "--upload-id",
                Upload,
                "--part-first-byte",
                "0",
                "--part-last-byte",
                "4294967299",
                "--layer-part-blob",
                "+//+AA==",
            ],
            $$"""{"registryId":"444455556666","repositoryName":"team/app","uploadId":"{{Upload}}","lastByteReceived":4294967299}"""
        ),
        new(
            "CompleteLayerUpload",
            new CompleteLayerUploadRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                UploadId = Upload,
                LayerDigests = [Digest],
            },
            [.. Named, "--upload-id", Upload, "--layer-digests", Digest],
            $$"""{"registryId":"444455556666","repositoryName":"team/app","uploadId":"{{Upload}}","layerDigest":"sha256:1"}"""
        ),
        new(
            "PutImage",
            new PutImageRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageManifest = Manifest,
                ImageManifestMediaType = "application/vnd.oci.image.manifest.v1+json",
                ImageTag = "1.0",
                ImageDigest = Digest,
            },
            [
                .. Named,
                "--image-manifest",
                Manifest,
                "--image-manifest-media-type",
                "application/vnd.oci.image.manifest.v1+json",
                "--image-tag",
                "1.0",
                "--image-digest",
                Digest,
            ],
            """
            {"image":{"registryId":"444455556666","repositoryName":"team/app","imageId":{"imageDigest":"sha256:1","imageTag":"1.0"},
            "imageManifest":"{\"schemaVersion\":2}","imageManifestMediaType":"m"}}
            """
        ),
        new(
            "BatchGetImage",
            new BatchGetImageRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageIds = [new() { ImageDigest = Digest }],
                AcceptedMediaTypes = ["application/json", "text/x"],
            },
            [.. Named, "--image-ids", "imageDigest=" + Digest, "--accepted-media-types", "application/json", "text/x"],
            """
            {"images":[{"imageId":{"imageDigest":"sha256:1","imageTag":"t"},"imageManifest":"{\"a\":1}","registryId":null}],
            "failures":[{"imageId":{"imageDigest":"sha256:2"},"failureCode":"ImageNotFound","failureReason":"no"}]}
            """
        ),
        new WireCall(
            "GetSigningConfiguration",
            new GetSigningConfigurationRequest(),
            [],
            """
            {"registryId":"444455556666","signingConfiguration":{"rules":[{"signingProfileArn":"arn","repositoryFilters":
            [{"filter":"a*","filterType":"WILDCARD_MATCH"}]},{}]}}
            """
        ) with
        {
            NewerThanAwsCli = "{}",
        },
        new WireCall(
            "DescribeImageSigningStatus",
            new DescribeImageSigningStatusRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageId = new() { ImageDigest = Digest },
            },
            [],
            """
            {"registryId":"444455556666","repositoryName":"team/app","imageId":{"imageDigest":"sha256:1"},"signingStatuses":
            [{"signingProfileArn":"arn","status":"FAILED","failureCode":"c","failureReason":"r"},{"status":"COMPLETE"}]}
            """
        ) with
        {
            NewerThanAwsCli =
                $$"""{"registryId":"{{Account}}","repositoryName":"team/app","imageId":{"imageDigest":"{{Digest}}"} }""",
        },
        new WireCall(
            "DescribeRepositoryCreationTemplates",
            new DescribeRepositoryCreationTemplatesRequest
            {
                Prefixes = ["team", "ROOT"],
                NextToken = "n",
                MaxResults = 5,
            },
            [],
            """
            {"registryId":"444455556666","repositoryCreationTemplates":[{"prefix":"team","appliedFor":["CREATE_ON_PUSH"],
            "imageTagMutability":"IMMUTABLE","resourceTags":[]}],"nextToken":"m"}
            """
        ) with
        {
            NewerThanAwsCli = """{"prefixes":["team","ROOT"],"nextToken":"n","maxResults":5}""",
        },
        new(
            "DescribePullThroughCacheRules",
            new DescribePullThroughCacheRulesRequest
            {
                RegistryId = Account,
                EcrRepositoryPrefixes = ["docker-hub", "quay"],
                NextToken = "n",
                MaxResults = 5,
            },
            [
                "--registry-id",
                Account,
                "--ecr-repository-prefixes",
                "docker-hub",
                "quay",
                "--next-token",
                "n",
                "--max-results",
                "5",
            ],
            """
            {"pullThroughCacheRules":[{"ecrRepositoryPrefix":"docker-hub","upstreamRegistryUrl":"registry-1.docker.io",
            "createdAt":1.5632236565E9,"registryId":"444455556666"},{"ecrRepositoryPrefix":"quay"},{}],"nextToken":"m"}
            """
        ),
    ];

    private static readonly WireCall[] Public =
    [
        .. Private
            .Where(call => InCommon.Contains(call.Name, StringComparer.Ordinal))
            .Select(call => call with { Name = $"{call.Name} (ECR Public)" }),
        new(
            "GetAuthorizationToken (ECR Public)",
            new GetAuthorizationTokenRequest(),
            [],
            """{"authorizationData":{"authorizationToken":"QVdTOnB3","expiresAt":1.7E9,"new":1}}"""
        ),
        new(
            "DescribeRepositories (ECR Public)",
            new DescribeRepositoriesRequest { RegistryId = Account, RepositoryNames = ["app", "team/app"] },
            ["--registry-id", Account, "--repository-names", "app", "team/app"],
            """
            {"repositories":[{"repositoryArn":"arn:aws:ecr-public::444455556666:repository/app","registryId":"444455556666",
            "repositoryName":"app","repositoryUri":"public.ecr.aws/a1b2c3d4/app","createdAt":1.5632236565E9},{}]}
            """
        ),
        new(
            "DescribeImages (ECR Public)",
            new DescribeImagesRequest
            {
                RegistryId = Account,
                RepositoryName = "team/app",
                ImageIds = [new() { ImageTag = "1.0" }],
            },
            [.. Named, "--image-ids", "imageTag=1.0"],
            """
            {"imageDetails":[{"registryId":"444455556666","repositoryName":"team/app","imageDigest":"sha256:1","imageTags":["1.0"],
            "imageSizeInBytes":53687091200,"imagePushedAt":1.5632236565E9,"imageManifestMediaType":"m","artifactMediaType":"c"}]}
            """
        ),
        new(
            "DescribeRegistries (ECR Public)",
            new DescribeRegistriesRequest { NextToken = "t", MaxResults = 7 },
            ["--next-token", "t", "--max-results", "7"],
            """
            {"registries":[{"registryId":"444455556666","registryArn":"arn:aws:ecr-public::444455556666:registry/444455556666",
            "registryUri":"public.ecr.aws/a1b2c3d4","verified":false,"aliases":[{"name":"a1b2c3d4","status":"ACTIVE",
            "primaryRegistryAlias":true,"defaultRegistryAlias":true},{"name":"team","status":"PENDING",
            "primaryRegistryAlias":false,"defaultRegistryAlias":false}]},{"aliases":[]}],"nextToken":"n"}
            """
        ),
        new(
            "CreateRepository (ECR Public)",
            new CreateRepositoryRequest { RepositoryName = "team/app", Tags = [new() { Key = "team", Value = "x" }] },
            ["--repository-name", "team/app", "--tags", """[{"Key":"team","Value":"x"}]"""],
            """{"repository":{"repositoryName":"team/app","repositoryUri":"public.ecr.aws/a1b2c3d4/team/app","createdAt":1563223656.789}}"""
        ),
    ];

    public static IReadOnlyList<WireCall> All { get; } =
    [.. Private, .. Public.Select(call => call with { Kind = RegistryKind.Public })];
}
