using System.Net;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class LayerUploadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chunked_upload_answers_201_and_a_range_that_never_gets_past_the_first_chunk()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var content = new byte[2 * PartSize + 3];
        Random.Shared.NextBytes(content);
        var upload = await StartUploadAsync(registry);

        foreach (var part in content.Chunk(PartSize))
        {
            using var response = await PatchAsync(registry, upload, part);
            response.StatusCode.ShouldBe(HttpStatusCode.Created);
            response.Headers.NonValidated["Range"].ToString().ShouldBe($"0-{PartSize - 1}");
        }

        using var completed = await CompleteAsync(registry, upload, TestImage.Digest(content));
        completed.StatusCode.ShouldBe(HttpStatusCode.Created);
        var blob = await registry.GetByteArrayAsync(
            Relative($"hello-api/blobs/{TestImage.Digest(content)}"),
            Cancellation
        );
        blob.ShouldBe(content);
    }

    [Fact]
    public async Task An_upload_is_refused_when_it_is_empty_unknown_too_small_in_the_middle_or_not_what_its_digest_says()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var digest = TestImage.Digest("x");

        var empty = await StartUploadAsync(registry);
        var id = empty.Segments[^1];
        (await ErrorAsync(await CompleteAsync(registry, empty, digest), HttpStatusCode.BadRequest)).ShouldBe(
            $"BLOB_UPLOAD_INVALID: The upload with id '{id}' in the repository with name 'hello-api' in registry with id '444455556666' cannot be completed because it does not have any parts."
        );

        var unknown = new Uri(empty, Guid.NewGuid().ToString());
        (await ErrorAsync(await PatchAsync(registry, unknown, [1]), HttpStatusCode.NotFound)).ShouldStartWith(
            "BLOB_UPLOAD_UNKNOWN"
        );

        var small = await StartUploadAsync(registry);
        await PatchAsync(registry, small, [1]);
        await PatchAsync(registry, small, [2]);
        (
            await ErrorAsync(await CompleteAsync(registry, small, TestImage.Digest([1, 2])), HttpStatusCode.BadRequest)
        ).ShouldBe("BLOB_UPLOAD_INVALID: All layer parts except the last part should be at least 5MB");

        var other = await StartUploadAsync(registry);
        await PatchAsync(registry, other, [1]);
        (await ErrorAsync(await CompleteAsync(registry, other, digest), HttpStatusCode.BadRequest)).ShouldBe(
            "BLOB_UPLOAD_INVALID: None of the provided layer digests match the calculated layer digest"
        );
    }

    [Theory]
    [InlineData("ENABLED", HttpStatusCode.Created)]
    [InlineData("DISABLED", HttpStatusCode.Accepted)]
    public async Task A_layer_is_mounted_where_the_account_has_blob_mounting(string setting, HttpStatusCode expected)
    {
        var registrySetup = new EmulatedRegistry(Scenario.Region)
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["BLOB_MOUNTING"] = setting },
            Repositories = [new(Scenario.Repository), new("other")],
        };
        var owner = Scenario.OwnerSide() with { Registries = [registrySetup] };
        await using var emulator = await EcrEmulator.StartAsync(new() { Accounts = [owner] }, Cancellation);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await caller.RegistryAsync();
        var digest = await PushBlobAsync(registry, [1, 2, 3]);

        using var mounted = await registry.PostAsync(
            Relative($"other/blobs/uploads/?mount={digest}&from=hello-api"),
            content: null,
            Cancellation
        );

        mounted.StatusCode.ShouldBe(expected);
        using var head = new HttpRequestMessage(HttpMethod.Head, $"other/blobs/{digest}");
        using var present = await registry.SendAsync(head, Cancellation);
        present.IsSuccessStatusCode.ShouldBe(expected == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_mount_is_denied_by_the_source_and_declined_where_the_encryption_differs()
    {
        const string DenyDownloads = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:GetDownloadUrlForLayer"}]}
            """;
        var registrySetup = new EmulatedRegistry(Scenario.Region)
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["BLOB_MOUNTING"] = "ENABLED" },
            Repositories = [new(Scenario.Repository), new("closed") { Policy = DenyDownloads }],
        };
        var owner = Scenario.OwnerSide() with { Registries = [registrySetup] };
        await using var emulator = await EcrEmulator.StartAsync(new() { Accounts = [owner] }, Cancellation);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        await caller.AnswerAsync(
            "CreateRepository",
            new()
            {
                ["repositoryName"] = "encrypted",
                ["encryptionConfiguration"] = new JsonObject { ["encryptionType"] = "KMS", ["kmsKey"] = "key" },
            }
        );
        using var registry = await caller.RegistryAsync();
        var digest = await PushBlobAsync(registry, [1, 2, 3]);

        using var denied = await registry.PostAsync(
            Relative($"hello-api/blobs/uploads/?mount={digest}&from=closed"),
            content: null,
            Cancellation
        );
        using var declined = await registry.PostAsync(
            Relative($"encrypted/blobs/uploads/?mount={digest}&from=hello-api"),
            content: null,
            Cancellation
        );

        (await ErrorAsync(denied, HttpStatusCode.Forbidden)).ShouldContain("ecr:GetDownloadUrlForLayer");
        declined.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }
}
