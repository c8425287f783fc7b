using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class RegistryProtocolTests
{
    private const int PartSize = 5 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, text);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("errors")[0];
        return $"{error.GetProperty("code").GetString()}: {error.GetProperty("message").GetString()}";
    }

    private static async Task<Uri> StartUploadAsync(HttpClient registry)
    {
        using var response = await registry.PostAsync(
            Relative("hello-api/blobs/uploads/"),
            content: null,
            Cancellation
        );
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return response.Headers.Location!;
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient registry, Uri upload, byte[] part) =>
        await registry.PatchAsync(upload, new ByteArrayContent(part), Cancellation);

    private static async Task<HttpResponseMessage> CompleteAsync(HttpClient registry, Uri upload, string digest) =>
        await registry.PutAsync(new Uri($"{upload}?digest={digest}"), content: null, Cancellation);

    private static async Task<string> PushBlobAsync(HttpClient registry, byte[] content)
    {
        var upload = await StartUploadAsync(registry);
        (await PatchAsync(registry, upload, content)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var digest = TestImage.Digest(content);
        (await CompleteAsync(registry, upload, digest)).StatusCode.ShouldBe(HttpStatusCode.Created);
        return digest;
    }

    private static Task<HttpResponseMessage> PutManifestAsync(HttpClient registry, string reference, string manifest)
    {
        var content = new StringContent(manifest, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(TestImage.ManifestType);
        return registry.PutAsync(Relative($"hello-api/manifests/{reference}"), content, Cancellation);
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task<(EcrEmulator Emulator, HttpClient Registry)> StartAsync(
        EmulatedRepository? repository = null
    )
    {
        var emulator = await Scenario.StartAsync(repository);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        return (emulator, await caller.RegistryAsync());
    }

    [Fact]
    public async Task Without_a_token_the_registry_asks_for_one()
    {
        await using var emulator = await Scenario.StartAsync();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(emulator.Endpoint, "/v2/"), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response
            .Headers.WwwAuthenticate.Single()
            .ToString()
            .ShouldBe($"Basic realm=\"{emulator.Endpoint}\",service=\"ecr.amazonaws.com\"");
    }

    [Fact]
    public async Task An_expired_token_is_refused_in_the_words_of_ECR()
    {
        var options = Scenario.Options() with { TokenLifetime = TimeSpan.FromMilliseconds(1) };
        await using var emulator = await EcrEmulator.StartAsync(options, Cancellation);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await caller.RegistryAsync();
        await Task.Delay(10, Cancellation);

        using var response = await registry.GetAsync(Relative("hello-api/manifests/1.0"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldBe(
            "DENIED: Your authorization token has expired. Reauthenticate and try again."
        );
    }

    [Fact]
    public async Task A_denial_carries_its_sentence_but_on_HEAD()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync();
        using var head = new HttpRequestMessage(HttpMethod.Head, $"hello-api/blobs/{TestImage.Digest("x")}");

        using var started = await registry.PostAsync(Relative("hello-api/blobs/uploads/"), content: null, Cancellation);
        using var looked = await registry.SendAsync(head, Cancellation);

        (await ErrorAsync(started, HttpStatusCode.Forbidden)).ShouldBe(
            $"DENIED: User: {Scenario.CiSessionArn} is not authorized to perform: ecr:InitiateLayerUpload on resource: {Scenario.RepositoryArn} because no resource-based policy allows the ecr:InitiateLayerUpload action"
        );
        looked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await looked.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
        looked.Content.Headers.ContentType.ShouldBeNull();
        emulator
            .Calls[^1]
            .ShouldBe(
                new(
                    "registry",
                    "BatchCheckLayerAvailability",
                    Scenario.CiSessionArn,
                    403,
                    "HEAD",
                    $"/v2/hello-api/blobs/{TestImage.Digest("x")}"
                )
            );
    }

    [Fact]
    public async Task A_token_without_registry_id_is_for_the_callers_own_registry()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync(Scenario.CiAccount);

        using var response = await registry.GetAsync(Relative("hello-api/tags/list"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.NotFound)).ShouldBe(
            "NAME_UNKNOWN: The repository with name 'hello-api' does not exist in the registry with id '111122223333'"
        );
    }

    [Fact]
    public async Task A_host_that_names_a_registry_decides_which_is_meant()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync(Scenario.CiAccount);
        registry.DefaultRequestHeaders.Host = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";

        using var response = await registry.GetAsync(Relative("hello-api/tags/list"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldContain(Scenario.RepositoryArn);
    }

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
