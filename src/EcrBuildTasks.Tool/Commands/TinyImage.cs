using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>The smallest image that a registry accepts, as an OCI layout, with a unique layer.</summary>
internal sealed class TinyImage : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecr-check-");

    public TinyImage(string name)
    {
        var tar = TarOf(name);
        var layer = Add(Packed(tar), "application/vnd.oci.image.layer.v1.tar+gzip");
        var configuration = Add(
            new JsonObject
            {
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(DigestOf(tar)) },
            },
            "application/vnd.oci.image.config.v1+json"
        );
        var manifest = Add(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ManifestType,
                ["config"] = configuration,
                ["layers"] = new JsonArray(layer),
            },
            ManifestType
        );
        Write("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8);
        Write("index.json", Utf8(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) }));
    }

    public string Layout => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] TarOf(string name)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name));
        }

        return tar.ToArray();
    }

    private static byte[] Packed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    private JsonObject Add(JsonObject document, string mediaType) => Add(Utf8(document), mediaType);

    private JsonObject Add(byte[] blob, string mediaType)
    {
        var digest = DigestOf(blob);
        Write(Path.Combine("blobs", digest.Replace(':', Path.DirectorySeparatorChar)), blob);
        return new()
        {
            ["mediaType"] = mediaType,
            ["digest"] = digest,
            ["size"] = blob.Length,
        };
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static byte[] Utf8(JsonObject document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
