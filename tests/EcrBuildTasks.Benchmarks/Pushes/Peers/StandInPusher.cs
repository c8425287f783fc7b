using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary>Opens images for <see cref="RegistryPusher"/> until it does so itself; is deleted then.</summary>
internal sealed class StandInPusher : IImagePusher, IDisposable
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly RegistryPusher _pusher = new();

    public async Task<PushedImage> PushAsync(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        if (push.Source is ImageSource.EngineImage)
        {
            throw new NotSupportedException("An image held by the engine is not yet opened.");
        }

        var path = push.Source.ToString()!;
        using var image = Directory.Exists(path) ? ReadLayout(path) : await ReadArchiveAsync(path);
        return await _pusher.PushAsync(image, push, progress, cancellationToken);
    }

    public void Dispose() => _pusher.Dispose();

    private static ImageContent ReadLayout(string folder)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var manifest = File.ReadAllBytes(BlobPath(index.RootElement.GetProperty("manifests")[0]));
        using var document = JsonDocument.Parse(manifest);
        JsonElement[] descriptors =
        [
            document.RootElement.GetProperty("config"),
            .. document.RootElement.GetProperty("layers").EnumerateArray(),
        ];
        return Content(
            manifest,
            descriptors.Select(one => new Blob(
                one.GetProperty("digest").GetString()!,
                new FileRange(BlobPath(one), 0, one.GetProperty("size").GetInt64())
            ))
        );

        string BlobPath(JsonElement descriptor) =>
            Path.Combine(folder, "blobs", "sha256", descriptor.GetProperty("digest").GetString()!["sha256:".Length..]);
    }

    private static async Task<ImageContent> ReadArchiveAsync(string path)
    {
        var blobs = new List<Blob>();
        await using var stream = File.OpenRead(path);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name != "manifest.json")
            {
                blobs.Add(new("sha256:" + entry.Name[..64], new FileRange(path, entry.DataOffset, entry.Length)));
            }
        }

        return Content(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    mediaType = ManifestType,
                    config = Descriptor(ConfigType, blobs[^1]),
                    layers = blobs.SkipLast(1).Select(blob => Descriptor(LayerType, blob)),
                }
            ),
            blobs
        );

        static object Descriptor(string mediaType, Blob blob) =>
            new
            {
                mediaType,
                digest = blob.Digest,
                size = blob.Size,
            };
    }

    private static ImageContent Content(byte[] manifest, IEnumerable<Blob> blobs) =>
        new([new("sha256:" + Convert.ToHexStringLower(SHA256.HashData(manifest)), ManifestType, manifest)], [.. blobs]);
}
