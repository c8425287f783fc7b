using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>An image archive as the .NET SDK writes it (gzipped layers, named by digest), of content that no other has.</summary>
internal sealed class TestArchive : IDisposable
{
    private TestArchive(string path, string imageId, int layerBytes)
    {
        Path = path;
        ImageId = imageId;
        LayerBytes = layerBytes;
    }

    public string Path { get; }

    public string ImageId { get; }

    public int LayerBytes { get; }

    public static TestArchive Create(
        string? name = null,
        int layerBytes = 100_000,
        int images = 1,
        bool gzip = false,
        bool omitLayer = false
    )
    {
        var layer = Tar(("app/data", RandomNumberGenerator.GetBytes(layerBytes)));
        var packedLayer = Gzip(layer);
        var configuration = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                architecture = "amd64",
                os = "linux",
                created = "2024-01-01T00:00:00Z",
                config = new { WorkingDir = "/app" },
                rootfs = new { type = "layers", diff_ids = new[] { "sha256:" + Digest(layer) } },
            }
        );
        var layerName = $"{Digest(packedLayer)}/layer.tar";
        var configurationName = $"{Digest(configuration)}.json";
        var image = new
        {
            Config = configurationName,
            RepoTags = name is null ? null : new[] { name },
            Layers = new[] { layerName },
        };
        var manifest = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Repeat(image, images));
        var tar = omitLayer
            ? Tar((configurationName, configuration), ("manifest.json", manifest))
            : Tar((layerName, packedLayer), (configurationName, configuration), ("manifest.json", manifest));
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"image-{Guid.NewGuid():N}.tar");
        File.WriteAllBytes(path, gzip ? Gzip(tar) : tar);
        return new TestArchive(path, "sha256:" + Digest(configuration), layerBytes);
    }

    public void Truncate()
    {
        using var file = File.OpenWrite(Path);
        file.SetLength(file.Length / 2);
    }

    public void Dispose() => File.Delete(Path);

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                );
            }
        }

        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
