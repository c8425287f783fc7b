using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;
using Microsoft.AspNetCore.Http;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>What ECR refuses because of its form.</summary>
public sealed class RequestValidationTests : IAsyncLifetime
{
    private const string TooLarge = "OTk5OTk5OTk5OTk5OTk5OTk5OTk";

    private EcrEmulator emulator = null!;
    private EcrCaller owner = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        emulator = await EcrEmulator.StartAsync(
            new() { Accounts = [Scenario.OwnerSide(new EmulatedRepository(Scenario.Repository))] },
            Cancellation
        );
        owner = new(emulator, Scenario.OwnerKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await emulator.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "CreateRepository",
        """{"repositoryName":"x1","tags":[{"Key":"a"},{"Key":"a"}]}""",
        "InvalidTagParameter"
    )]
    [InlineData("CreateRepository", """{"repositoryName":"x1","tags":[{"Key":"aws:x"}]}""", "InvalidTagParameter")]
    [InlineData(
        "CreateRepository",
        """{"repositoryName":"x1","encryptionConfiguration":{"encryptionType":"XYZ"}}""",
        "InvalidParameter"
    )]
    [InlineData(
        "CreateRepository",
        """{"repositoryName":"x1","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"REGEX","filter":"a"}]}""",
        "InvalidParameter"
    )]
    [InlineData("DescribeRepositories", $$"""{"nextToken":"{{TooLarge}}"}""", "InvalidParameter")]
    [InlineData("DescribeRepositories", """{"maxResults":0}""", "InvalidParameter")]
    [InlineData("DescribeRepositories", """{"maxResults":1001}""", "InvalidParameter")]
    [InlineData("DescribeRepositoryCreationTemplates", """{"prefixes":["x"]}""", "TemplateNotFound")]
    [InlineData(
        "ListImageReferrers",
        """{"repositoryName":"hello-api","subjectId":{"imageDigest":"sha256:00"},"maxResults":51}""",
        "InvalidParameter"
    )]
    [InlineData(
        "ListImageReferrers",
        """{"repositoryName":"hello-api","subjectId":{"imageDigest":"sha256:00"},"filter":{"artifactTypes":1}}""",
        "Serialization"
    )]
    [InlineData(
        "DescribeImageScanFindings",
        """{"repositoryName":"hello-api","imageId":{"imageTag":"x"}}""",
        "ImageNotFound"
    )]
    [InlineData("ListImages", """{"repositoryName":"hello-api","filter":{"imageStatus":"X"}}""", "InvalidParameter")]
    [InlineData(
        "PutImage",
        """{"repositoryName":"hello-api","imageManifest":"{\"schemaVersion\":2,\"config\":{},\"layers\":[]}"}""",
        "InvalidParameter"
    )]
    [InlineData(
        "PutLifecyclePolicy",
        """{"repositoryName":"hello-api","lifecyclePolicyText":"{\"rules\":[1]                                                                                                    }"}""",
        "InvalidParameter"
    )]
    public async Task An_operation_is_refused_with_the_code_of_the_API(string operation, string body, string code)
    {
        (await owner.RefusalAsync(operation, JsonNode.Parse(body)!.AsObject())).ShouldStartWith(code + "Exception: ");

        emulator.Calls[^1].ToLogLine().ShouldContain($"400 ecr:{operation}");
    }

    [Fact]
    public async Task More_than_50_tags_are_too_many()
    {
        var tags = new JsonArray([
            .. Enumerable.Range(0, 51).Select(i => new JsonObject { ["Key"] = $"k{i}", ["Value"] = "v" }),
        ]);

        (
            await owner.RefusalAsync("CreateRepository", new JsonObject { ["repositoryName"] = "x1", ["tags"] = tags })
        ).ShouldStartWith("TooManyTagsException");
    }

    [Theory]
    [InlineData("BatchGetImage", "{}", "MissingDigestAndTag")]
    [InlineData("BatchGetImage", """{"imageDigest":"x"}""", "InvalidImageDigest")]
    [InlineData("BatchGetImage", """{"imageTag":"x"}""", "ImageNotFound")]
    [InlineData("BatchDeleteImage", "{}", "MissingDigestAndTag")]
    [InlineData("BatchDeleteImage", """{"imageDigest":"x"}""", "InvalidImageDigest")]
    public async Task A_batch_reports_what_is_wrong_with_one_image(string operation, string id, string code)
    {
        var answer = await owner.AnswerAsync(
            operation,
            new JsonObject { ["repositoryName"] = "hello-api", ["imageIds"] = new JsonArray(JsonNode.Parse(id)) }
        );

        answer.GetProperty("failures")[0].GetProperty("failureCode").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Asked_by_the_name_of_the_API_a_repository_is_in_the_registry_that_ECR_names()
    {
        using var proxied = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            Host = $"api.ecr.{Scenario.Region}.amazonaws.com",
        };

        var answer = await proxied.AnswerAsync("DescribeRepositories");

        answer
            .GetProperty("repositories")[0]
            .GetProperty("repositoryUri")
            .GetString()
            .ShouldBe($"{Scenario.OwnerAccount}.dkr.ecr.{Scenario.Region}.amazonaws.com/hello-api");
    }

    [Fact]
    public async Task A_repository_that_is_encrypted_with_KMS_has_a_key()
    {
        var body = """{"repositoryName":"x1","encryptionConfiguration":{"encryptionType":"KMS"}}""";

        var answer = await owner.AnswerAsync("CreateRepository", JsonNode.Parse(body)!.AsObject());

        answer
            .GetProperty("repository")
            .GetProperty("encryptionConfiguration")
            .GetProperty("kmsKey")
            .GetString()
            .ShouldNotBeNull()
            .ShouldStartWith($"arn:aws:kms:{Scenario.Region}:{Scenario.OwnerAccount}:key/");
    }

    [Theory]
    [InlineData("{x")]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":1,"mediaType":"application/vnd.docker.distribution.manifest.v1+json"}""")]
    public async Task A_manifest_that_ECR_does_not_accept_is_answered_with_405(string manifest)
    {
        using var registry = await owner.RegistryAsync();

        using var answer = await PutManifestAsync(registry, "1.0", manifest);

        (await ErrorAsync(answer, HttpStatusCode.MethodNotAllowed)).ShouldStartWith(
            "UNSUPPORTED: Invalid parameter at "
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_page_of_tags_has_between_1_and_1000(int size)
    {
        using var registry = await owner.RegistryAsync();
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());
        (await PutManifestAsync(registry, "1.0", TestImage.Manifest((config, 2)))).EnsureSuccessStatusCode();

        using var answer = await registry.GetAsync(Relative($"hello-api/tags/list?n={size}"), Cancellation);

        (await ErrorAsync(answer, HttpStatusCode.MethodNotAllowed)).ShouldStartWith("UNSUPPORTED: ");
    }

    [Fact]
    public async Task An_image_that_an_index_names_is_not_deleted_by_the_registry_either()
    {
        using var registry = await owner.RegistryAsync();
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());
        var manifest = TestImage.Manifest((config, 2));
        var child = TestImage.Digest(manifest);
        (await PutManifestAsync(registry, child, manifest)).EnsureSuccessStatusCode();
        const string IndexType = "application/vnd.oci.image.index.v1+json";
        var index = new StringContent(
            $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{"mediaType":"{{TestImage.ManifestType}}","digest":"{{child}}","size":6}]}"""
        );
        index.Headers.ContentType = new MediaTypeHeaderValue(IndexType);
        (await registry.PutAsync(Relative("hello-api/manifests/1"), index, Cancellation)).EnsureSuccessStatusCode();

        using var refused = await registry.DeleteAsync(Relative($"hello-api/manifests/{child}"), Cancellation);
        using var still = await registry.GetAsync(Relative($"hello-api/manifests/{child}"), Cancellation);

        (await ErrorAsync(refused, HttpStatusCode.MethodNotAllowed)).ShouldContain("referenced by manifest list");
        still.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_route_that_ECR_does_not_have_is_no_ping()
    {
        using var registry = await owner.RegistryAsync();

        (await registry.GetAsync(Relative("hello-api/nothing"), Cancellation)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await registry.GetAsync(Relative(""), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        emulator.Calls.Select(call => call.Action).TakeLast(2).ShouldBe(["Unsupported", "Ping"]);
    }

    [Fact]
    public async Task A_call_that_fails_by_a_mistake_of_the_emulator_is_recorded_too()
    {
        var statuses = new List<int>();

        await Should.ThrowAsync<FormatException>(() =>
            RequestEnd.WatchAsync(new DefaultHttpContext(), _ => throw new FormatException(), statuses.Add)
        );

        statuses.ShouldBe([500]);
    }
}
