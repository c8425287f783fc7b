using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary>The simplest push that works, until the product has one: it lets the harness run, and is deleted then.</summary>
internal sealed class StandInPusher : IImagePusher, IDisposable
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<PushedImage> PushAsync(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var path = push.Source.ToString()!;
        var (manifest, blobs) = Directory.Exists(path) ? ReadLayout(path) : await ReadArchiveAsync(path);
        var root = new Uri($"http://{push.RegistryHost}/v2/{push.Repository}/");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(manifest));
        if (!await HasAsync(new(root, $"manifests/{digest}")))
        {
            await Parallel.ForEachAsync(
                blobs.OrderByDescending(blob => blob.Length),
                new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = cancellationToken },
                async (blob, _) => await UploadAsync(root, blob)
            );
        }

        foreach (var tag in push.Tags)
        {
            using var content = new ByteArrayContent(manifest);
            content.Headers.ContentType = new(ManifestType);
            using var answer = await _client.PutAsync(new Uri(root, $"manifests/{tag}"), content, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        return new()
        {
            Digest = digest,
            Tags = push.Tags,
            SizeInBytes = 0,
            PushedBytes = 0,
            Layers = [],
        };
    }

    public void Dispose() => _client.Dispose();

    private static (byte[] Manifest, StandInBlob[] Blobs) ReadLayout(string folder)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var manifest = File.ReadAllBytes(BlobPath(index.RootElement.GetProperty("manifests")[0]));
        using var document = JsonDocument.Parse(manifest);
        JsonElement[] descriptors =
        [
            document.RootElement.GetProperty("config"),
            .. document.RootElement.GetProperty("layers").EnumerateArray(),
        ];
        return (
            manifest,
            [
                .. descriptors.Select(one => new StandInBlob(
                    one.GetProperty("digest").GetString()!,
                    BlobPath(one),
                    0,
                    one.GetProperty("size").GetInt64()
                )),
            ]
        );

        string BlobPath(JsonElement descriptor) =>
            Path.Combine(folder, "blobs", "sha256", descriptor.GetProperty("digest").GetString()!["sha256:".Length..]);
    }

    private static async Task<(byte[] Manifest, StandInBlob[] Blobs)> ReadArchiveAsync(string path)
    {
        var blobs = new List<StandInBlob>();
        await using var stream = File.OpenRead(path);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name != "manifest.json")
            {
                blobs.Add(new("sha256:" + entry.Name[..64], path, entry.DataOffset, entry.Length));
            }
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                schemaVersion = 2,
                mediaType = ManifestType,
                config = Descriptor(ConfigType, blobs[^1]),
                layers = blobs.SkipLast(1).Select(blob => Descriptor(LayerType, blob)),
            }
        );
        return (manifest, [.. blobs]);

        static object Descriptor(string mediaType, StandInBlob blob) =>
            new
            {
                mediaType,
                digest = blob.Digest,
                size = blob.Length,
            };
    }

    private async Task UploadAsync(Uri root, StandInBlob blob)
    {
        if (await HasAsync(new(root, $"blobs/{blob.Digest}")))
        {
            return;
        }

        using var started = await _client.PostAsync(new Uri(root, "blobs/uploads/"), null);
        started.EnsureSuccessStatusCode();
        using var content = new StandInContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _client.PutAsync($"{started.Headers.Location}&digest={blob.Digest}", content);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<bool> HasAsync(Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, uri);
        using var answer = await _client.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private sealed record StandInBlob(string Digest, string Path, long Offset, long Length);

    private sealed class StandInContent(StandInBlob blob) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            using var file = File.OpenHandle(blob.Path);
            var buffer = new byte[256 * 1024];
            for (long sent = 0; sent < blob.Length; )
            {
                var wanted = buffer.AsMemory(0, (int)Math.Min(buffer.Length, blob.Length - sent));
                var read = RandomAccess.Read(file, wanted.Span, blob.Offset + sent);
                await stream.WriteAsync(wanted[..read]);
                sent += read;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = blob.Length;
            return true;
        }
    }
}
