using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>An image of one layer, as an OCI layout.</summary>
internal static class OciLayoutFolder
{
    /// <summary>Writes it, and returns its folder.</summary>
    public static string Write(string folder)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            using var content = new MemoryStream(RandomNumberGenerator.GetBytes(10_000));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file") { DataStream = content });
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        var layer = Add("application/vnd.oci.image.layer.v1.tar+gzip", packed.ToArray());
        var configuration = Add(
            "application/vnd.oci.image.config.v1+json",
            new
            {
                architecture = "amd64",
                os = "linux",
                rootfs = new { type = "layers", diff_ids = new[] { DigestOf(tar.ToArray()) } },
            }
        );
        const string Manifest = "application/vnd.oci.image.manifest.v1+json";
        var manifest = Add(
            Manifest,
            new
            {
                schemaVersion = 2,
                mediaType = Manifest,
                config = configuration,
                layers = new[] { layer },
            }
        );
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(folder, "index.json"),
            JsonSerializer.Serialize(new { schemaVersion = 2, manifests = new[] { manifest } })
        );
        return folder;

        object Add(string mediaType, object content)
        {
            var blob = content as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(content);
            var digest = DigestOf(blob);
            File.WriteAllBytes(Path.Combine(blobs, digest.Split(':')[1]), blob);
            return new
            {
                mediaType,
                digest,
                size = blob.Length,
            };
        }
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
