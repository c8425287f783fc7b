using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class ManifestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manifest_needs_its_layers_and_an_index_its_images()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var absent = TestImage.Digest("absent");
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());

        using var manifest = await PutManifestAsync(registry, "1.0", TestImage.Manifest((config, 2), (absent, 6)));
        (await ErrorAsync(manifest, HttpStatusCode.NotFound)).ShouldBe(
            $"MANIFEST_BLOB_UNKNOWN: Layers with digests '[{absent}]' required for pushing image into repository with name 'hello-api' in the registry with id '444455556666' do not exist"
        );

        const string IndexType = "application/vnd.oci.image.index.v1+json";
        var index = new StringContent(
            $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{"mediaType":"{{TestImage.ManifestType}}","digest":"{{absent}}","size":6}]}"""
        );
        index.Headers.ContentType = new MediaTypeHeaderValue(IndexType);
        using var put = await registry.PutAsync(Relative("hello-api/manifests/1.0"), index, Cancellation);
        (await ErrorAsync(put, HttpStatusCode.NotFound)).ShouldBe(
            $"MANIFEST_BLOB_UNKNOWN: Images with digests '[{absent}]' required for pushing image into repository with name 'hello-api' in the registry with id '444455556666' do not exist"
        );
    }

    [Theory]
    [InlineData("MUTABLE", "1.0", true)]
    [InlineData("IMMUTABLE", "1.0", false)]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "1.0", false)]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "dev-1", true)]
    [InlineData("MUTABLE_WITH_EXCLUSION", "1.0", true)]
    [InlineData("MUTABLE_WITH_EXCLUSION", "dev-1", false)]
    public async Task A_tag_moves_only_where_the_repository_lets_it(string mutability, string tag, bool moves)
    {
        var (emulator, registry) = await StartAsync(
            new(Scenario.Repository)
            {
                ImageTagMutability = mutability,
                ImageTagMutabilityExclusionFilters = mutability.EndsWith("EXCLUSION", StringComparison.Ordinal)
                    ? ["dev-*"]
                    : [],
            }
        );
        await using var _ = emulator;
        using var __ = registry;
        var first = TestImage.Manifest((await PushBlobAsync(registry, "{}"u8.ToArray()), 2));
        var second = TestImage.Manifest((await PushBlobAsync(registry, "{ }"u8.ToArray()), 3));
        (await PutManifestAsync(registry, tag, first)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await PutManifestAsync(registry, tag, first)).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var moved = await PutManifestAsync(registry, tag, second);

        if (moves)
        {
            moved.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        else
        {
            (await ErrorAsync(moved, HttpStatusCode.BadRequest)).ShouldBe(
                $"TAG_INVALID: The image tag '{tag}' already exists in the 'hello-api' repository and cannot be overwritten because the repository is immutable."
            );
        }

        using var read = await registry.GetAsync(Relative($"hello-api/manifests/{tag}"), Cancellation);
        read.Headers.GetValues("Docker-Content-Digest").Single().ShouldBe(TestImage.Digest(moves ? second : first));
        read.Content.Headers.ContentType!.MediaType.ShouldBe(TestImage.ManifestType);
    }

    [Fact]
    public async Task A_manifest_under_another_digest_is_refused()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var manifest = TestImage.Manifest((await PushBlobAsync(registry, "{}"u8.ToArray()), 2));

        using var response = await PutManifestAsync(registry, TestImage.Digest("another"), manifest);

        (await ErrorAsync(response, HttpStatusCode.BadRequest)).ShouldStartWith("DIGEST_INVALID");
    }

    [Fact]
    public async Task What_is_pushed_with_a_subject_is_listed_as_its_referrer()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());
        var subject = TestImage.Digest("a subject that does not exist");
        var digests = new List<string>();
        foreach (var type in (string[])["application/x.sbom", "application/x.signature"])
        {
            var artifact = JsonNode.Parse(TestImage.Manifest((config, 2)))!.AsObject();
            artifact["artifactType"] = type;
            artifact["annotations"] = new JsonObject { ["by"] = "a test" };
            artifact["subject"] = new JsonObject
            {
                ["mediaType"] = TestImage.ManifestType,
                ["digest"] = subject,
                ["size"] = 2,
            };
            digests.Add(TestImage.Digest(artifact.ToJsonString()));
            using var put = await PutManifestAsync(registry, digests[^1], artifact.ToJsonString());
            put.Headers.GetValues("OCI-Subject").ShouldBe([subject]);
        }

        using var all = await registry.GetAsync(Relative($"hello-api/referrers/{subject}"), Cancellation);
        using var filtered = await registry.GetAsync(
            Relative($"hello-api/referrers/{subject}?artifactType=application/x.sbom"),
            Cancellation
        );
        using var none = await registry.GetAsync(
            Relative($"hello-api/referrers/{TestImage.Digest("another")}"),
            Cancellation
        );
        using var invalid = await registry.GetAsync(Relative("hello-api/referrers/latest"), Cancellation);
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        var api = await owner.AnswerAsync(
            "ListImageReferrers",
            JsonNode
                .Parse(
                    $$"""{"repositoryName":"hello-api","subjectId":{"imageDigest":"{{subject}}"},"filter":{"artifactTypes":["application/x.signature"]} }"""
                )!
                .AsObject()
        );

        all.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.oci.image.index.v1+json");
        (await ReadAsync(all)).Select(item => (string)item!["digest"]!).ShouldBe(digests, ignoreOrder: true);
        filtered.Headers.GetValues("OCI-Filters-Applied").ShouldBe(["artifactType"]);
        var sbom = (await ReadAsync(filtered)).ShouldHaveSingleItem()!;
        ((string)sbom["artifactType"]!).ShouldBe("application/x.sbom");
        ((string)sbom["annotations"]!["by"]!).ShouldBe("a test");
        (await ReadAsync(none)).ShouldBeEmpty();
        (await ErrorAsync(invalid, HttpStatusCode.BadRequest)).ShouldStartWith("DIGEST_INVALID");
        var referrer = api.GetProperty("referrers").EnumerateArray().ShouldHaveSingleItem();
        referrer.GetProperty("digest").GetString().ShouldBe(digests[1]);
        referrer.GetProperty("artifactStatus").GetString().ShouldBe("ACTIVE");

        static async Task<JsonArray> ReadAsync(HttpResponseMessage response) =>
            JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["manifests"]!.AsArray();
    }

    [Fact]
    public async Task An_image_that_is_deleted_by_its_digest_takes_its_tags_along()
    {
        var (emulator, registry) = await StartAsync();
        await using var _ = emulator;
        using var __ = registry;
        var manifest = TestImage.Manifest((await PushBlobAsync(registry, "{}"u8.ToArray()), 2));
        (await PutManifestAsync(registry, "1.0", manifest)).EnsureSuccessStatusCode();
        (await PutManifestAsync(registry, "latest", manifest)).EnsureSuccessStatusCode();
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);

        var answer = await owner.AnswerAsync(
            "BatchDeleteImage",
            JsonNode
                .Parse(
                    $$"""{"repositoryName":"hello-api","imageIds":[{"imageDigest":"{{TestImage.Digest(manifest)}}" }]}"""
                )!
                .AsObject()
        );

        answer
            .GetProperty("imageIds")
            .EnumerateArray()
            .Select(id => id.GetProperty("imageTag").GetString())
            .ShouldBe(["1.0", "latest"]);
    }

    [Fact]
    public async Task State_outlives_the_emulator_where_it_has_a_folder()
    {
        using var home = new Home();
        var options = Scenario.Options() with { StateDirectory = home.Folder };
        var layer = new byte[] { 1, 2, 3 };
        string manifest;
        await using (var first = await EcrEmulator.StartAsync(options, Cancellation))
        {
            using var caller = new EcrCaller(first, Scenario.OwnerKey);
            using var registry = await caller.RegistryAsync();
            manifest = TestImage.Manifest((await PushBlobAsync(registry, layer), 3));
            (await PutManifestAsync(registry, "1.0", manifest)).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        await using var second = await EcrEmulator.StartAsync(options, Cancellation);
        using var again = new EcrCaller(second, Scenario.OwnerKey);
        using var after = await again.RegistryAsync();

        (await after.GetStringAsync(Relative("hello-api/manifests/1.0"), Cancellation)).ShouldBe(manifest);
        (await after.GetByteArrayAsync(Relative($"hello-api/blobs/{TestImage.Digest(layer)}"), Cancellation)).ShouldBe(
            layer
        );
        (await after.GetStringAsync(Relative("hello-api/tags/list"), Cancellation)).ShouldBe(
            """{"name":"hello-api","tags":["1.0"]}"""
        );
    }
}
