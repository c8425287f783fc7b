using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Benchmarks.Pushes.Images;

/// <summary>One image in the forms that clients take: an OCI layout, and the archive that the .NET SDK writes.</summary>
internal sealed class BenchmarkImage
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private BenchmarkImage(string name, DirectoryInfo layout, IReadOnlyList<LayerBlob> layers, LayerBlob config)
    {
        Name = name;
        Layout = layout.FullName;
        Layers = layers;
        Config = config;
    }

    public string Name { get; }

    /// <summary>The folder with <c>oci-layout</c> and <c>index.json</c>.</summary>
    public string Layout { get; }

    /// <summary>The archive's path; it is there after <see cref="WriteArchiveAsync"/>.</summary>
    public string Archive => Layout + ".tar";

    /// <summary>The name that an engine gives to the image when it loads the archive.</summary>
    public string EngineName => $"localhost/bench-{Name}:1";

    public IReadOnlyList<LayerBlob> Layers { get; }

    public LayerBlob Config { get; }

    /// <summary>The layers and the configuration.</summary>
    public IEnumerable<LayerBlob> Blobs => [.. Layers, Config];

    public long Length => Blobs.Sum(blob => blob.Length);

    /// <summary>Writes both forms.</summary>
    public static async Task<BenchmarkImage> WriteAsync(
        string name,
        DirectoryInfo parent,
        IEnumerable<LayerRecipe> recipes
    )
    {
        var blobs = BlobFolder(name, parent);
        var layers = new List<LayerBlob>();
        foreach (var recipe in recipes)
        {
            layers.Add(await LayerBlob.WriteAsync(recipe, blobs));
        }

        var image = await WriteLayoutAsync(name, parent, layers);
        await image.WriteArchiveAsync();
        return image;
    }

    /// <summary>Writes an OCI layout of one layer of that size, which takes no room on disk: it is a hole but for its start.</summary>
    public static async Task<BenchmarkImage> WriteHugeAsync(string name, DirectoryInfo parent, long length)
    {
        var file = Path.Combine(BlobFolder(name, parent).FullName, "layer");
        await using (var stream = File.Create(file))
        {
            await stream.WriteAsync(new LayerRecipe(Seed: 99, Length: 1 << 20, IsCompressible: false).Content());
            stream.SetLength(length);
        }

        return await WriteLayoutAsync(name, parent, [await LayerBlob.AdoptAsync(file)]);
    }

    private static DirectoryInfo BlobFolder(string name, DirectoryInfo parent) =>
        parent.CreateSubdirectory(Path.Combine(name, "blobs", "sha256"));

    private static async Task<BenchmarkImage> WriteLayoutAsync(
        string name,
        DirectoryInfo parent,
        IReadOnlyList<LayerBlob> layers
    )
    {
        var layout = parent.CreateSubdirectory(name);
        var blobs = BlobFolder(name, parent).FullName;
        var config = await WriteJsonAsync(
            blobs,
            new
            {
                architecture = "amd64",
                os = "linux",
                config = new { },
                rootfs = new { type = "layers", diff_ids = layers.Select(layer => "sha256:" + layer.DiffHex) },
            }
        );
        var manifest = await WriteJsonAsync(
            blobs,
            new
            {
                schemaVersion = 2,
                mediaType = ManifestType,
                config = Descriptor("application/vnd.oci.image.config.v1+json", config),
                layers = layers.Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
            }
        );
        await File.WriteAllTextAsync(Path.Combine(layout.FullName, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        await File.WriteAllTextAsync(
            Path.Combine(layout.FullName, "index.json"),
            JsonSerializer.Serialize(
                new { schemaVersion = 2, manifests = new[] { Descriptor(ManifestType, manifest) } }
            )
        );
        return new(name, layout, layers, config);
    }

    /// <summary>Writes what <c>ContainerArchiveOutputPath</c> of the .NET SDK holds: gzipped layers in the form of <c>docker save</c>.</summary>
    private async Task WriteArchiveAsync()
    {
        await using var file = File.Create(Archive);
        await using var tar = new TarWriter(file);
        foreach (var layer in Layers)
        {
            await tar.WriteEntryAsync(layer.Path, $"{layer.Hex}/layer.tar");
        }

        await tar.WriteEntryAsync(Config.Path, $"{Config.Hex}.json");
        var manifest = JsonSerializer.Serialize(
            new[]
            {
                new
                {
                    Config = $"{Config.Hex}.json",
                    RepoTags = new[] { EngineName },
                    Layers = Layers.Select(layer => $"{layer.Hex}/layer.tar"),
                },
            }
        );
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, "manifest.json")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(manifest)),
            }
        );
    }

    private static async Task<LayerBlob> WriteJsonAsync<T>(string blobs, T content)
    {
        var file = Path.Combine(blobs, "document");
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(content));
        return await LayerBlob.AdoptAsync(file);
    }

    private static object Descriptor(string mediaType, LayerBlob blob) =>
        new
        {
            mediaType,
            digest = blob.Digest,
            size = blob.Length,
        };
}
