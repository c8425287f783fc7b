using System.Net;
using System.Text.Json;
using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes;

/// <summary>What all parts of a run share; disposing stops the engine and removes the files.</summary>
internal sealed class Workbench(PushOptions options) : IAsyncDisposable
{
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private DockerEngine? _engine;
    private BenchmarkImages? _images;

    public int Rounds => options.Rounds;

    public long HugeLength => options.HugeLength;

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("ecr-bench-");

    public BenchmarkImages Images => _images ??= new(Folder.CreateSubdirectory("images"));

    /// <summary>An empty registry. With <paramref name="onDisk"/> it never keeps its storage where the options say.</summary>
    public async Task<DockerRegistry> StartRegistryAsync(bool onDisk = false) =>
        await DockerRegistry.StartAsync(parentFolder: onDisk ? null : options.Storage)
        ?? throw new InvalidOperationException(DockerRegistry.Name + " is missing.");

    /// <summary>An engine of its own, so that no image of this machine has a part in the figures.</summary>
    public async Task<DockerEngine> EngineAsync() =>
        _engine ??=
            await DockerEngine.StartAsync() ?? throw new InvalidOperationException(DockerEngine.Name + " is missing.");

    /// <summary>
    /// Pushes into a registry that nobody pushed to: skopeo, podman and docker remember where a layer went and would have
    /// the registry mount it from there.
    /// </summary>
    public async Task<TimeSpan> PushColdAsync(IPush push)
    {
        await using var registry = await StartRegistryAsync();
        var time = await push.PushAsync(registry.Host, "bench/cold");
        if (push is not CurlPush)
        {
            await EnsureCompleteAsync(registry, "bench/cold");
        }

        return time;
    }

    public Task<IReadOnlyList<Series>> PushColdInTurnsAsync(params IReadOnlyList<IPush> pushes) =>
        Measuring.Rounds.RunAsync(pushes, Rounds, PushColdAsync);

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        Folder.Delete(recursive: true);
    }

    private static async Task EnsureCompleteAsync(DockerRegistry registry, string repository)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{repository}/manifests/1");
        request.Headers.Add("Accept", ManifestTypes);
        using var answer = await registry.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        using var manifest = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        JsonElement[] blobs =
        [
            manifest.RootElement.GetProperty("config"),
            .. manifest.RootElement.GetProperty("layers").EnumerateArray(),
        ];
        foreach (var digest in blobs.Select(blob => blob.GetProperty("digest").GetString()))
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, $"v2/{repository}/blobs/{digest}");
            using var found = await registry.Client.SendAsync(head);
            if (found.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"The push left {digest} out: {found.StatusCode}");
            }
        }
    }
}
