using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>An image in memory, of content that no other has, which counts how often its blobs are read.</summary>
internal static class TestImage
{
    public static ImageContent Of(params byte[][] layers) =>
        Of(layers.Select(layer => new MemoryBlob(layer)).ToArray());

    public static ImageContent Of(params MemoryBlob[] layers)
    {
        var configuration = Configuration();
        var manifest = Manifest(configuration, layers);
        return new([manifest], [configuration.AsBlob(), .. layers.Select(layer => layer.AsBlob())]);
    }

    /// <summary>An image for two architectures, whose layers are the same.</summary>
    public static ImageContent Index(params MemoryBlob[] layers) => Indexed(2, layers);

    /// <summary>An image for several architectures, whose layers are the same.</summary>
    public static ImageContent Indexed(int architectures, params MemoryBlob[] layers)
    {
        var configurations = Enumerable.Range(0, architectures).Select(_ => Configuration()).ToArray();
        var children = configurations.Select(configuration => Manifest(configuration, layers)).ToArray();
        var index = new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.index.v1+json",
            manifests = children.Select(child => new
            {
                mediaType = child.MediaType,
                digest = child.Digest,
                size = child.Content.Length,
            }),
        };
        return new(
            [.. children, Manifest("application/vnd.oci.image.index.v1+json", index)],
            [.. configurations.Concat(layers).Select(blob => blob.AsBlob())]
        );
    }

    public static byte[] Random(int bytes) => RandomNumberGenerator.GetBytes(bytes);

    public static string Digest(ReadOnlySpan<byte> bytes) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static MemoryBlob Configuration() =>
        new(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    architecture = "amd64",
                    os = "linux",
                    author = Guid.NewGuid(),
                }
            )
        );

    private static ImageManifest Manifest(MemoryBlob configuration, MemoryBlob[] layers) =>
        Manifest(
            "application/vnd.oci.image.manifest.v1+json",
            new
            {
                schemaVersion = 2,
                mediaType = "application/vnd.oci.image.manifest.v1+json",
                config = Descriptor("application/vnd.oci.image.config.v1+json", configuration),
                layers = layers.Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
            }
        );

    private static ImageManifest Manifest(string mediaType, object content)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(content);
        return new(Digest(bytes), mediaType, bytes);
    }

    private static object Descriptor(string mediaType, MemoryBlob blob) =>
        new
        {
            mediaType,
            digest = blob.Digest,
            size = blob.Length,
        };
}

/// <summary>A blob in memory.</summary>
internal sealed class MemoryBlob(byte[] bytes, string? claimedDigest = null) : BlobContent
{
    private long _bytesRead;

    public string Digest { get; } = claimedDigest ?? TestImage.Digest(bytes);

    public byte[] Bytes => bytes;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Called before each read, with the offset.</summary>
    public Func<long, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    public override long Length => bytes.Length;

    public Blob AsBlob() => new(Digest, this);

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        long offset,
        CancellationToken cancellationToken
    )
    {
        await BeforeRead(offset);
        cancellationToken.ThrowIfCancellationRequested();
        var count = (int)Math.Min(buffer.Length, bytes.Length - offset);
        bytes.AsSpan((int)offset, count).CopyTo(buffer.Span);
        Interlocked.Add(ref _bytesRead, count);
        return count;
    }

    public override void Dispose() { }
}
