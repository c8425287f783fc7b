using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>Builds the bytes of a <see cref="PublicImage"/>.</summary>
internal sealed class TinyImage
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    private static readonly DateTimeOffset Created = DateTimeOffset.UnixEpoch;

    private TinyImage(string indexDigest) => IndexDigest = indexDigest;

    public string IndexDigest { get; }

    /// <summary>Bytes and media type by digest.</summary>
    public Dictionary<string, (byte[] Bytes, string MediaType)> Contents { get; } = new(StringComparer.Ordinal);

    public static TinyImage Build(PublicImage image)
    {
        var tar = LayerTar();
        var layer = Compress(tar);
        var manifests = new JsonArray();
        var contents = new List<(byte[] Bytes, string MediaType)> { (layer, LayerType) };
        foreach (var platform in image.Platforms)
        {
            if (platform.Split('/') is not [var os, var architecture])
            {
                throw new EmulatorConfigurationException(
                    $"'{platform}' of public image {image.Name} is not a valid platform. Write it like linux/amd64."
                );
            }

            var config = Config(os, architecture, Digest(tar));
            var manifest = Manifest(config, layer);
            contents.Add((config, ConfigType));
            contents.Add((manifest, ManifestType));
            var descriptor = Descriptor(manifest, ManifestType);
            descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = os };
            manifests.Add((JsonNode)descriptor);
        }

        var index = Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = IndexType,
                ["manifests"] = manifests,
            }
        );
        var built = new TinyImage(Digest(index));
        foreach (var content in contents.Append((index, IndexType)))
        {
            built.Contents[Digest(content.Item1)] = content;
        }

        return built;
    }

    private static byte[] LayerTar()
    {
        const string OsRelease = "ID=ecr-emulator\nNAME=\"ECR emulator base image\"\n";
        const string Users = "root:x:0:0:root:/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n";
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Write(new UstarTarEntry(TarEntryType.Directory, "etc/"), "755");
            Write(File("etc/os-release", OsRelease), "644");
            Write(File("etc/passwd", Users), "644");
            Write(new UstarTarEntry(TarEntryType.Directory, "tmp/"), "1777");

            void Write(UstarTarEntry entry, string octalMode)
            {
                entry.Mode = (UnixFileMode)Convert.ToInt32(octalMode, 8);
                entry.ModificationTime = Created;
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();

        static UstarTarEntry File(string name, string text) =>
            new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(text)) };
    }

    /// <summary>A gzip of stored blocks: the same on every machine and with every version of zlib.</summary>
    private static byte[] Compress(byte[] tar)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        var bytes = stream.ToArray();
        // The header's system byte differs between platforms; 255 is "unknown".
        bytes[9] = 255;
        return bytes;
    }

    private static byte[] Config(string os, string architecture, string diffId) =>
        Bytes(
            new JsonObject
            {
                ["created"] = "1970-01-01T00:00:00Z",
                ["architecture"] = architecture,
                ["os"] = os,
                ["config"] = new JsonObject
                {
                    ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                    ["WorkingDir"] = "/",
                },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
                ["history"] = new JsonArray(
                    new JsonObject { ["created"] = "1970-01-01T00:00:00Z", ["created_by"] = "ecr-emulator" }
                ),
            }
        );

    private static byte[] Manifest(byte[] config, byte[] layer) =>
        Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ManifestType,
                ["config"] = Descriptor(config, ConfigType),
                ["layers"] = new JsonArray(Descriptor(layer, LayerType)),
            }
        );

    private static JsonObject Descriptor(byte[] content, string mediaType) =>
        new()
        {
            ["mediaType"] = mediaType,
            ["digest"] = Digest(content),
            ["size"] = content.Length,
        };

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
