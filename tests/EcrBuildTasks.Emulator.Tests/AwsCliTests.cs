using System.Security.Cryptography;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class AwsCliTests : IAsyncLifetime
{
    private EcrEmulator emulator = null!;
    private AwsCli owner = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await Scenario.StartAsync();
        owner = new AwsCli(emulator, Scenario.OwnerKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_caller_is_told_who_it_is()
    {
        using var ci = new AwsCli(emulator, Scenario.CiKey);

        var answer = await ci.AnswerAsync("sts", "get-caller-identity");

        answer.GetProperty("Arn").GetString().ShouldBe(Scenario.CiSessionArn);
        answer.GetProperty("Account").GetString().ShouldBe(Scenario.CiAccount);
        answer.GetProperty("UserId").GetString()!.ShouldMatch("^AROA[A-Z2-7]{17}:run-7$");
    }

    [Fact]
    public async Task A_repository_is_created_described_and_deleted()
    {
        string[] named = ["--repository-name", "team/new-api"];
        var created = await owner.AnswerAsync([
            "ecr",
            "create-repository",
            .. named,
            "--image-tag-mutability",
            "IMMUTABLE",
            "--image-scanning-configuration",
            "scanOnPush=true",
            "--tags",
            "Key=team,Value=blue",
        ]);
        var arn = $"arn:aws:ecr:eu-west-1:444455556666:repository/team/new-api";
        created.GetProperty("repository").GetProperty("repositoryArn").GetString().ShouldBe(arn);

        var again = await owner.RefusalAsync(["ecr", "create-repository", .. named]);
        again.ShouldContain("RepositoryAlreadyExistsException");

        var described = (
            await owner.AnswerAsync("ecr", "describe-repositories", "--repository-names", "team/new-api")
        ).GetProperty("repositories")[0];
        described.GetProperty("imageTagMutability").GetString().ShouldBe("IMMUTABLE");
        described.GetProperty("imageScanningConfiguration").GetProperty("scanOnPush").GetBoolean().ShouldBeTrue();
        described.GetProperty("createdAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));

        var tags = await owner.AnswerAsync("ecr", "list-tags-for-resource", "--resource-arn", arn);
        tags.GetProperty("tags")[0].GetProperty("Value").GetString().ShouldBe("blue");

        await owner.AnswerAsync(["ecr", "delete-repository", .. named]);
        (await owner.RefusalAsync("ecr", "describe-repositories", "--repository-names", "team/new-api")).ShouldContain(
            "(RepositoryNotFoundException) when calling the DescribeRepositories operation: The repository with name 'team/new-api' does not exist in the registry with id '444455556666'"
        );
    }

    [Fact]
    public async Task A_repository_policy_is_set_read_and_deleted()
    {
        string[] named = ["--repository-name", Scenario.Repository];
        (await owner.RefusalAsync(["ecr", "get-repository-policy", .. named])).ShouldContain(
            "Repository policy does not exist for the repository with name 'hello-api' in the registry with id '444455556666'"
        );

        await owner.AnswerAsync([
            "ecr",
            "set-repository-policy",
            .. named,
            "--policy-text",
            Scenario.RepositoryPolicyForCi,
        ]);
        var read = await owner.AnswerAsync(["ecr", "get-repository-policy", .. named]);
        read.GetProperty("policyText").GetString().ShouldBe(Scenario.RepositoryPolicyForCi);

        await owner.AnswerAsync(["ecr", "delete-repository-policy", .. named]);
        (await owner.RefusalAsync(["ecr", "get-repository-policy", .. named])).ShouldContain(
            "RepositoryPolicyNotFoundException"
        );
    }

    /// <summary>The shapes that differ from operation to operation; each command takes a second.</summary>
    [Fact]
    public async Task A_registry_and_its_repositories_are_configured()
    {
        const string Replication =
            """{"rules":[{"destinations":[{"region":"eu-central-1","registryId":"444455556666"}]}]}""";
        const string Rules =
            """[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*","filterType":"WILDCARD"}]}]""";

        await Task.WhenAll(
            owner.AnswerAsync(
                "ecr",
                "tag-resource",
                "--resource-arn",
                Scenario.RepositoryArn,
                "--tags",
                "Key=a,Value=1"
            ),
            owner.AnswerAsync("ecr", "put-registry-scanning-configuration", "--rules", Rules),
            owner.AnswerAsync("ecr", "put-replication-configuration", "--replication-configuration", Replication)
        );
        var answers = await Task.WhenAll(
            owner.AnswerAsync("ecr", "list-tags-for-resource", "--resource-arn", Scenario.RepositoryArn),
            owner.AnswerAsync("ecr", "get-registry-scanning-configuration"),
            owner.AnswerAsync("ecr", "describe-registry")
        );

        answers[0].GetProperty("tags")[0].GetProperty("Value").GetString().ShouldBe("1");
        var scanning = answers[1].GetProperty("scanningConfiguration");
        scanning.GetProperty("scanType").GetString().ShouldBe("BASIC");
        scanning.GetProperty("rules")[0].GetProperty("scanFrequency").GetString().ShouldBe("SCAN_ON_PUSH");
        answers[2]
            .GetProperty("replicationConfiguration")
            .GetProperty("rules")[0]
            .GetProperty("destinations")[0]
            .GetProperty("region")
            .GetString()
            .ShouldBe("eu-central-1");
    }

    [Fact]
    public async Task A_registry_policy_is_set_and_read()
    {
        (await owner.RefusalAsync("ecr", "get-registry-policy")).ShouldContain(
            "Registry policy does not exist in the registry with id '444455556666'"
        );

        await owner.AnswerAsync("ecr", "put-registry-policy", "--policy-text", Scenario.AllowEverythingInEcr);

        (await owner.AnswerAsync("ecr", "get-registry-policy"))
            .GetProperty("policyText")
            .GetString()
            .ShouldBe(Scenario.AllowEverythingInEcr);
    }

    [Fact]
    public async Task An_image_is_pushed_call_by_call_and_read_back()
    {
        string[] named = ["--repository-name", Scenario.Repository];
        var layer = RandomNumberGenerator.GetBytes(6 * 1024 * 1024);
        var config = "{\"architecture\":\"amd64\",\"os\":\"linux\"}"u8.ToArray();
        var layerDigest = await UploadAsync(layer, partSize: 5 * 1024 * 1024);
        var configDigest = await UploadAsync(config, partSize: 5 * 1024 * 1024);
        var manifest = TestImage.Manifest((configDigest, config.Length), (layerDigest, layer.Length));
        var manifestFile = owner.Write("manifest.json", manifest);

        var put = await owner.AnswerAsync([
            "ecr",
            "put-image",
            .. named,
            "--image-tag",
            "1.0",
            "--image-manifest",
            $"file://{manifestFile}",
        ]);
        var digest = TestImage.Digest(manifest);
        put.GetProperty("image").GetProperty("imageId").GetProperty("imageDigest").GetString().ShouldBe(digest);

        var described = (
            await owner.AnswerAsync(["ecr", "describe-images", .. named, "--image-ids", "imageTag=1.0"])
        ).GetProperty("imageDetails")[0];
        described.GetProperty("imageDigest").GetString().ShouldBe(digest);
        described.GetProperty("imageSizeInBytes").GetInt64().ShouldBe(layer.Length + config.Length);
        described.GetProperty("imageTags")[0].GetString().ShouldBe("1.0");

        var got = await owner.AnswerAsync(["ecr", "batch-get-image", .. named, "--image-ids", "imageTag=1.0"]);
        got.GetProperty("images")[0].GetProperty("imageManifest").GetString().ShouldBe(manifest);

        var url = await owner.AnswerAsync([
            "ecr",
            "get-download-url-for-layer",
            .. named,
            "--layer-digest",
            layerDigest,
        ]);
        using var anybody = new HttpClient();
        var downloaded = await anybody.GetByteArrayAsync(
            new Uri(url.GetProperty("downloadUrl").GetString()!),
            TestContext.Current.CancellationToken
        );
        downloaded.ShouldBe(layer);

        var listed = await owner.AnswerAsync(["ecr", "list-images", .. named]);
        listed.GetProperty("imageIds")[0].GetProperty("imageTag").GetString().ShouldBe("1.0");
        await owner.AnswerAsync(["ecr", "batch-delete-image", .. named, "--image-ids", "imageTag=1.0"]);
        (await owner.AnswerAsync(["ecr", "list-images", .. named]))
            .GetProperty("imageIds")
            .GetArrayLength()
            .ShouldBe(0);

        async Task<string> UploadAsync(byte[] content, int partSize)
        {
            var expected = TestImage.Digest(content);
            var absent = await owner.AnswerAsync([
                "ecr",
                "batch-check-layer-availability",
                .. named,
                "--layer-digests",
                expected,
            ]);
            absent.GetProperty("layers")[0].GetProperty("layerAvailability").GetString().ShouldBe("UNAVAILABLE");
            var upload = (await owner.AnswerAsync(["ecr", "initiate-layer-upload", .. named]))
                .GetProperty("uploadId")
                .GetString()!;
            for (var first = 0; first < content.Length; first += partSize)
            {
                var part = content[first..Math.Min(first + partSize, content.Length)];
                await owner.AnswerAsync([
                    "ecr",
                    "upload-layer-part",
                    .. named,
                    "--upload-id",
                    upload,
                    "--part-first-byte",
                    $"{first}",
                    "--part-last-byte",
                    $"{first + part.Length - 1}",
                    "--layer-part-blob",
                    $"fileb://{owner.Write("part", part)}",
                ]);
            }

            var completed = await owner.AnswerAsync([
                "ecr",
                "complete-layer-upload",
                .. named,
                "--upload-id",
                upload,
                "--layer-digests",
                expected,
            ]);
            return completed.GetProperty("layerDigest").GetString()!;
        }
    }
}
