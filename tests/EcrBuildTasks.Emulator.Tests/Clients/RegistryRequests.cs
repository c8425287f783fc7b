using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>Requests of the registry protocol, as a client sends them one by one.</summary>
internal static class RegistryRequests
{
    public const int PartSize = 5 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<string> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, text);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("errors")[0];
        return $"{error.GetProperty("code").GetString()}: {error.GetProperty("message").GetString()}";
    }

    public static async Task<Uri> StartUploadAsync(HttpClient registry)
    {
        using var response = await registry.PostAsync(
            Relative("hello-api/blobs/uploads/"),
            content: null,
            Cancellation
        );
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return response.Headers.Location!;
    }

    public static async Task<HttpResponseMessage> PatchAsync(HttpClient registry, Uri upload, byte[] part) =>
        await registry.PatchAsync(upload, new ByteArrayContent(part), Cancellation);

    public static async Task<HttpResponseMessage> CompleteAsync(HttpClient registry, Uri upload, string digest) =>
        await registry.PutAsync(new Uri($"{upload}?digest={digest}"), content: null, Cancellation);

    public static async Task<string> PushBlobAsync(HttpClient registry, byte[] content)
    {
        var upload = await StartUploadAsync(registry);
        (await PatchAsync(registry, upload, content)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var digest = TestImage.Digest(content);
        (await CompleteAsync(registry, upload, digest)).StatusCode.ShouldBe(HttpStatusCode.Created);
        return digest;
    }

    public static Task<HttpResponseMessage> PutManifestAsync(HttpClient registry, string reference, string manifest)
    {
        var content = new StringContent(manifest, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(TestImage.ManifestType);
        return registry.PutAsync(Relative($"hello-api/manifests/{reference}"), content, Cancellation);
    }

    public static Uri Relative(string path) => new(path, UriKind.Relative);

    public static async Task<(EcrEmulator Emulator, HttpClient Registry)> StartAsync(
        EmulatedRepository? repository = null
    )
    {
        var emulator = await Scenario.StartAsync(repository);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        return (emulator, await caller.RegistryAsync());
    }
}
