using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Images;

/// <summary>A folder of one test with an OCI layout of two layers, which real tools turn into what they write.</summary>
internal sealed class ToolImages : IDisposable
{
    public ToolImages() => Layout = Path.Combine(Folder, "layout");

    public string Folder { get; } = Directory.CreateTempSubdirectory("image-formats-").FullName;

    /// <summary>The OCI layout.</summary>
    public string Layout { get; }

    /// <summary>The layers' plain bytes, from the lowest.</summary>
    public byte[][] Layers { get; } = [NewLayer("etc/first", 300_000), NewLayer("app/second", 2_500_000)];

    public byte[] Manifest { get; private set; } = [];

    public IReadOnlyList<string> DiffIds => [.. Layers.Select(DigestOf)];

    public ToolImages Write()
    {
        Manifest = AddManifest(Layers);
        WriteIndex((Manifest, "application/vnd.oci.image.manifest.v1+json", "1.0"));
        return this;
    }

    /// <summary>Adds an image of such layers to the layout.</summary>
    /// <param name="layers">The plain layers.</param>
    /// <param name="pack">What type and form they get; gzipped by default.</param>
    /// <param name="architecture">The architecture that it is for.</param>
    /// <returns>Its manifest.</returns>
    public byte[] AddManifest(
        IReadOnlyList<byte[]> layers,
        Func<byte[], (string MediaType, byte[] Packed)>? pack = null,
        string architecture = "amd64"
    )
    {
        pack ??= layer => ("application/vnd.oci.image.layer.v1.tar+gzip", Gzip(layer));
        var configuration = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                architecture,
                os = "linux",
                config = new { WorkingDir = "/app" },
                rootfs = new { type = "layers", diff_ids = layers.Select(DigestOf) },
            }
        );
        return AddBlob(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    mediaType = "application/vnd.oci.image.manifest.v1+json",
                    config = Describe("application/vnd.oci.image.config.v1+json", AddBlob(configuration)),
                    layers = layers.Select(pack).Select(layer => Describe(layer.MediaType, AddBlob(layer.Packed))),
                }
            )
        );
    }

    /// <summary>Adds an index to the layout.</summary>
    public byte[] AddIndex(params (byte[] Manifest, string MediaType)[] manifests) =>
        AddBlob(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    mediaType = "application/vnd.oci.image.index.v1+json",
                    manifests = manifests.Select(manifest => Describe(manifest.MediaType, manifest.Manifest)),
                }
            )
        );

    /// <summary>Adds an index that names the platform of each image, as builders write it.</summary>
    public byte[] AddPlatforms(params (byte[] Manifest, string Os, string Architecture)[] images) =>
        AddBlob(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    mediaType = "application/vnd.oci.image.index.v1+json",
                    manifests = images.Select(image => new
                    {
                        mediaType = "application/vnd.oci.image.manifest.v1+json",
                        digest = DigestOf(image.Manifest),
                        size = image.Manifest.Length,
                        platform = new { os = image.Os, architecture = image.Architecture },
                    }),
                }
            )
        );

    /// <summary>Adds a blob to the layout.</summary>
    public byte[] AddBlob(byte[] content)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(Layout, "blobs", "sha256")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, TestArchive.Digest(content)), content);
        return content;
    }

    public string BlobPath(string digest) => Path.Combine(Layout, "blobs", "sha256", digest["sha256:".Length..]);

    /// <summary>Writes index.json: manifests, their types and their names.</summary>
    public void WriteIndex(params (byte[] Manifest, string MediaType, string? Name)[] images)
    {
        File.WriteAllText(Path.Combine(Layout, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(
            Path.Combine(Layout, "index.json"),
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    manifests = images.Select(image =>
                        Describe(
                            image.MediaType,
                            image.Manifest,
                            image.Name is null ? null : new() { ["org.opencontainers.image.ref.name"] = image.Name }
                        )
                    ),
                }
            )
        );
    }

    public static object Describe(string mediaType, byte[] blob, Dictionary<string, string>? annotations = null) =>
        new
        {
            mediaType,
            digest = DigestOf(blob),
            size = blob.Length,
            annotations = annotations ?? [],
        };

    public static string DigestOf(byte[] bytes) => "sha256:" + TestArchive.Digest(bytes);

    /// <summary>Has skopeo copy the layout's image to another format.</summary>
    /// <returns>The path of the copy.</returns>
    public async Task<string> CopyAsync(
        string transport,
        string file,
        string name = "hello:1.0",
        params string[] options
    )
    {
        RealPart.Find("skopeo");
        var target = Path.Combine(Folder, file);
        var copy = await Cli.RunAsync(
            "skopeo",
            ["copy", .. options, $"oci:{Layout}:1.0", $"{transport}:{target}:{name}"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        copy.EnsureSuccess();
        return target;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    private static byte[] NewLayer(string name, int bytes)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            // Half of it random, so that it shrinks, but not to nothing.
            var content = new byte[bytes];
            RandomNumberGenerator.Fill(content.AsSpan(0, bytes / 2));
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
            );
        }

        return stream.ToArray();
    }
}
