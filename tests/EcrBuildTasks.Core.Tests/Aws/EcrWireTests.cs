using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class EcrWireTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Upload = "11111111-2222-3333-4444-555555555555";
    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Sid":"Ünïcode + <more>"}]}""";

    private static readonly Dictionary<string, (Func<EcrClient, Task> Ours, string[] AwsCli)> Calls = new(
        StringComparer.Ordinal
    )
    {
        ["GetAuthorizationToken"] = (
            ecr => ecr.GetAuthorizationTokenAsync(new() { RegistryIds = ["444455556666"] }),
            ["--registry-ids", "444455556666"]
        ),
        ["DescribeRepositories"] = (
            ecr =>
                ecr.DescribeRepositoriesAsync(
                    new() { RegistryId = "444455556666", RepositoryNames = ["app", "team/app"] }
                ),
            ["--registry-id", "444455556666", "--repository-names", "app", "team/app"]
        ),
        ["GetRepositoryPolicy"] = (
            ecr => ecr.GetRepositoryPolicyAsync(new() { RegistryId = "444455556666", RepositoryName = "app" }),
            ["--registry-id", "444455556666", "--repository-name", "app"]
        ),
        ["SetRepositoryPolicy"] = (
            ecr =>
                ecr.SetRepositoryPolicyAsync(
                    new()
                    {
                        RepositoryName = "app",
                        PolicyText = Policy,
                        Force = true,
                    }
                ),
            ["--repository-name", "app", "--policy-text", Policy, "--force"]
        ),
        ["DeleteRepositoryPolicy"] = (
            ecr => ecr.DeleteRepositoryPolicyAsync(new() { RegistryId = "444455556666", RepositoryName = "app" }),
            ["--registry-id", "444455556666", "--repository-name", "app"]
        ),
        ["CreateRepository"] = (
            ecr =>
                ecr.CreateRepositoryAsync(
                    new()
                    {
                        RepositoryName = "app",
                        ImageTagMutability = ImageTagMutability.IMMUTABLE,
                        ImageScanningConfiguration = new() { ScanOnPush = true },
                        EncryptionConfiguration = new() { EncryptionType = "AES256" },
                        Tags = [new() { Key = "team", Value = "x" }],
                    }
                ),
            [
                "--repository-name",
                "app",
                "--image-tag-mutability",
                "IMMUTABLE",
                "--image-scanning-configuration",
                "scanOnPush=true",
                "--encryption-configuration",
                "encryptionType=AES256",
                "--tags",
                "Key=team,Value=x",
            ]
        ),
        ["DescribeImages"] = (
            ecr =>
                ecr.DescribeImagesAsync(
                    new()
                    {
                        RepositoryName = "app",
                        ImageIds = [new() { ImageTag = "1.0" }, new() { ImageDigest = Digest }],
                    }
                ),
            ["--repository-name", "app", "--image-ids", "imageTag=1.0", "imageDigest=" + Digest]
        ),
        ["BatchCheckLayerAvailability"] = (
            ecr => ecr.BatchCheckLayerAvailabilityAsync(new() { RepositoryName = "app", LayerDigests = [Digest] }),
            ["--repository-name", "app", "--layer-digests", Digest]
        ),
        ["InitiateLayerUpload"] = (
            ecr => ecr.InitiateLayerUploadAsync(new() { RegistryId = "444455556666", RepositoryName = "app" }),
            ["--registry-id", "444455556666", "--repository-name", "app"]
        ),
        ["UploadLayerPart"] = (
            ecr =>
                ecr.UploadLayerPartAsync(
                    new()
                    {
                        RepositoryName = "app",
                        UploadId = Upload,
                        PartFirstByte = 0,
                        PartLastByte = 3,
                        LayerPartBlob = new MemoryStream([0xfb, 0xff, 0xfe, 0x00]),
                    }
                ),
            [
                "--repository-name",
                "app",
                "--upload-id",
                Upload,
                "--part-first-byte",
                "0",
                "--part-last-byte",
                "3",
                "--layer-part-blob",
                "+//+AA==",
            ]
        ),
        ["CompleteLayerUpload"] = (
            ecr =>
                ecr.CompleteLayerUploadAsync(
                    new()
                    {
                        RepositoryName = "app",
                        UploadId = Upload,
                        LayerDigests = [Digest],
                    }
                ),
            ["--repository-name", "app", "--upload-id", Upload, "--layer-digests", Digest]
        ),
        ["PutImage"] = (
            ecr =>
                ecr.PutImageAsync(
                    new()
                    {
                        RepositoryName = "app",
                        ImageManifest = """{"schemaVersion":2}""",
                        ImageManifestMediaType = "application/vnd.oci.image.manifest.v1+json",
                        ImageTag = "1.0",
                        ImageDigest = Digest,
                    }
                ),
            [
                "--repository-name",
                "app",
                "--image-manifest",
                """{"schemaVersion":2}""",
                "--image-manifest-media-type",
                "application/vnd.oci.image.manifest.v1+json",
                "--image-tag",
                "1.0",
                "--image-digest",
                Digest,
            ]
        ),
        ["BatchGetImage"] = (
            ecr =>
                ecr.BatchGetImageAsync(
                    new()
                    {
                        RepositoryName = "app",
                        ImageIds = [new() { ImageDigest = Digest }],
                        AcceptedMediaTypes = ["application/json"],
                    }
                ),
            [
                "--repository-name",
                "app",
                "--image-ids",
                "imageDigest=" + Digest,
                "--accepted-media-types",
                "application/json",
            ]
        ),
        ["GetRegistryPolicy"] = (ecr => ecr.GetRegistryPolicyAsync(new()), []),
    };

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Our_request_is_the_one_that_awscli_sends(string operation)
    {
        var awscli = Cli.Find("/usr/bin/aws") ?? Cli.Find("aws");
        if (
            awscli is null
            && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal)
        )
        {
            Assert.Skip("awscli is not installed.");
        }

        var home = Directory.CreateTempSubdirectory("ecr-awscli-");
        await using var service = await StubService.StartAsync(new StubAnswer(200, "{}"));
        try
        {
            var command = string.Concat(
                    operation.Select(letter =>
                        char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : letter.ToString()
                    )
                )
                .TrimStart('-');
            var result = await Cli.RunAsync(
                awscli.ShouldNotBeNull(),
                [
                    "ecr",
                    command,
                    "--endpoint-url",
                    service.Url.ToString(),
                    "--region",
                    "eu-west-1",
                    .. Calls[operation].AwsCli,
                ],
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["HOME"] = home.FullName,
                    ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
                    ["AWS_SECRET_ACCESS_KEY"] = "secret",
                    ["AWS_SESSION_TOKEN"] = "session-token",
                    ["AWS_PROFILE"] = null,
                    ["AWS_CONFIG_FILE"] = null,
                    ["LC_ALL"] = "C.UTF-8",
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
            // The answer's body is empty, which some of awscli's output formatters dislike: what was sent counts.
            service.Requests.ShouldNotBeEmpty(result.ToString());
        }
        finally
        {
            home.Delete(recursive: true);
        }

        using var ecr = service.CreateEcrClient();
        await Calls[operation].Ours(ecr);

        service.Requests.Count.ShouldBe(2);
        var theirs = service.Requests[0];
        var ours = service.Requests[1];
        JsonNode.DeepEquals(ours.Json, theirs.Json).ShouldBeTrue($"ours: {ours.Body}\ntheirs: {theirs.Body}");
        ours.Headers["X-Amz-Target"].ShouldBe(theirs.Headers["X-Amz-Target"]);
        ours.Headers["Content-Type"].ShouldBe(theirs.Headers["Content-Type"]);
        ours.Headers["X-Amz-Security-Token"].ShouldBe("session-token");
        (ours.Method, ours.Path).ShouldBe((theirs.Method, theirs.Path));
        Scope(ours).ShouldBe(Scope(theirs));
    }

    [Fact]
    public async Task GetAccountSetting_which_awscli_2_9_lacks_names_the_setting()
    {
        await using var service = await StubService.StartAsync(
            new StubAnswer(200, """{"name":"REGISTRY_POLICY_SCOPE","value":"V2"}""")
        );
        using var ecr = service.CreateEcrClient();

        var setting = await ecr.GetAccountSettingAsync(
            new() { Name = "REGISTRY_POLICY_SCOPE" },
            TestContext.Current.CancellationToken
        );

        setting.Value.ShouldBe("V2");
        var request = service.Requests.ShouldHaveSingleItem();
        request.Headers["X-Amz-Target"].ShouldBe("AmazonEC2ContainerRegistry_V20150921.GetAccountSetting");
        request.Body.ShouldBe("""{"name":"REGISTRY_POLICY_SCOPE"}""");
    }

    [Fact]
    public async Task A_request_carries_a_signature_for_ecr_in_the_region()
    {
        await using var service = await StubService.StartAsync(new StubAnswer(200, "{}"));
        using var ecr = service.CreateEcrClient();

        await ecr.GetRegistryPolicyAsync(new(), TestContext.Current.CancellationToken);

        service
            .Requests[0]
            .Headers["Authorization"]
            .ShouldMatch(
                "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-west-1/ecr/aws4_request, SignedHeaders=[^,]*host[^,]*, "
                    + "Signature=[0-9a-f]{64}$"
            );
    }

    [Fact]
    public async Task A_repository_is_read_with_its_settings_and_unknown_members_are_ignored()
    {
        await using var service = await StubService.StartAsync(
            new StubAnswer(
                200,
                """
                {"repositories":[{"repositoryArn":"arn:aws:ecr:eu-west-1:444455556666:repository/a","registryId":"444455556666",
                "repositoryName":"a","repositoryUri":"444455556666.dkr.ecr.eu-west-1.amazonaws.com/a","createdAt":1.5632236565E9,
                "imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD",
                "filter":"dev-*"}],"imageScanningConfiguration":{"scanOnPush":true},"encryptionConfiguration":
                {"encryptionType":"KMS","kmsKey":"k"},"somethingNew":{"deep":[1,2]}}],"nextToken":"n"}
                """
            )
        );
        using var ecr = service.CreateEcrClient();

        var answer = await ecr.DescribeRepositoriesAsync(new(), TestContext.Current.CancellationToken);

        answer.NextToken.ShouldBe("n");
        answer.ResponseMetadata.RequestId.ShouldBe("request-1");
        var repository = answer.Repositories.ShouldNotBeNull().ShouldHaveSingleItem();
        repository.RepositoryName.ShouldBe("a");
        repository.CreatedAt.ShouldBe(
            DateTime.Parse("2019-07-15T20:47:36.5Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
        );
        repository.CreatedAt!.Value.Kind.ShouldBe(DateTimeKind.Utc);
        repository.ImageTagMutability.ShouldBe(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION);
        repository.ImageTagMutabilityExclusionFilters!.Single().Filter.ShouldBe("dev-*");
        repository.ImageScanningConfiguration!.ScanOnPush.ShouldBe(true);
        repository.EncryptionConfiguration!.KmsKey.ShouldBe("k");
    }

    [Fact]
    public async Task Images_and_failures_are_read()
    {
        await using var service = await StubService.StartAsync(
            new StubAnswer(
                200,
                """
                {"images":[{"imageId":{"imageDigest":"sha256:1","imageTag":"t"},"imageManifest":"{\"a\":1}"}],
                "failures":[{"imageId":{"imageDigest":"sha256:2"},"failureCode":"ImageNotFound","failureReason":"no"}]}
                """
            )
        );
        using var ecr = service.CreateEcrClient();

        var answer = await ecr.BatchGetImageAsync(new(), TestContext.Current.CancellationToken);

        answer.Images!.Single().ImageId!.ImageTag.ShouldBe("t");
        answer.Images!.Single().ImageManifest.ShouldBe("""{"a":1}""");
        answer.Failures!.Single().FailureCode.ShouldBe("ImageNotFound");
    }

    private static string Scope(ReceivedRequest request)
    {
        var authorization = request.Headers["Authorization"];
        var scope = authorization[
            authorization.IndexOf('/', StringComparison.Ordinal)..authorization.IndexOf(',', StringComparison.Ordinal)
        ];
        // The date, which may turn between the two requests.
        return string.Join('/', scope.Split('/')[2..]);
    }
}
