using System.Text.Json;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>All that makes up one image, checked as far as that is possible without reading its layers.</summary>
/// <param name="manifests">The manifests in the order in which a registry accepts them: an index after the manifests in it.</param>
/// <param name="blobs">The configurations and layers that the manifests name, each once.</param>
internal sealed class ImageContent(IReadOnlyList<ImageManifest> manifests, IReadOnlyList<Blob> blobs) : IDisposable
{
    public IReadOnlyList<ImageManifest> Manifests { get; } = manifests;

    public IReadOnlyList<Blob> Blobs { get; } = blobs;

    /// <summary>The manifest or index that the tags will point to.</summary>
    public ImageManifest Root => Manifests[^1];

    /// <summary>The blobs that are layers: all but the configurations.</summary>
    public IReadOnlyList<Blob> Layers { get; } = LayersOf(manifests, blobs);

    public long SizeInBytes => Blobs.Sum(blob => blob.Size);

    /// <summary>Each as <c>os/architecture</c> and perhaps a variant; an artifact that is no image has none.</summary>
    public async Task<IReadOnlyList<string>> ReadPlatformsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var root = JsonSerializer.Deserialize(Root.Content.Span, ImageDocuments.Default.ManifestDocument)!;
            IEnumerable<Platform?> platforms = Root.IsIndex
                ? root.Manifests!.Select(image => image?.Platform)
                : [await ReadPlatformAsync(root.Config?.Digest, cancellationToken)];
            return
            [
                .. platforms.OfType<Platform>().Where(platform => platform.IsKnown).Select(platform => $"{platform}"),
            ];
        }
        catch (Exception failure) when (failure is JsonException or PushException)
        {
            // The push is done, whatever can be read of the image now.
            return [];
        }
    }

    /// <summary>The platform of an image that is no index.</summary>
    /// <exception cref="PushException">The configuration does not name it.</exception>
    public async Task<Platform> ReadPlatformAsync(CancellationToken cancellationToken)
    {
        var root = JsonSerializer.Deserialize(Root.Content.Span, ImageDocuments.Default.ManifestDocument)!;
        return await ReadPlatformAsync(root.Config?.Digest, cancellationToken) is { IsKnown: true } platform
            ? platform
            : throw InvalidImage.Create(Root.Digest, "its configuration does not name its platform");
    }

    private async Task<Platform?> ReadPlatformAsync(string? configuration, CancellationToken cancellationToken)
    {
        var content = Blobs.FirstOrDefault(blob => blob.Digest == configuration)?.Content;
        if (content is not { Length: <= ImageDocuments.LargestConfiguration and var length })
        {
            return null;
        }

        var bytes = new byte[length];
        var read = 0;
        while (
            read < length && await content.ReadAsync(bytes.AsMemory(read), read, cancellationToken) is > 0 and var count
        )
        {
            read += count;
        }

        return JsonSerializer.Deserialize(bytes, ImageDocuments.Default.ConfigurationDocument) is { } image
            ? new(image.Os, image.Architecture, image.Variant)
            : null;
    }

    /// <summary>What has to go with the image: the folder of what had to be unpacked or compressed.</summary>
    public IDisposable? Workspace { get; set; }

    /// <summary>The same image for several pushes side by side, which read it once.</summary>
    public ImageContent Shared() =>
        new(Manifests, [.. Blobs.Select(blob => blob with { Content = new SharedContent(blob.Content) })])
        {
            Workspace = Workspace,
        };

    public void Dispose()
    {
        foreach (var blob in Blobs)
        {
            blob.Content.Dispose();
        }

        Workspace?.Dispose();
    }

    private static List<Blob> LayersOf(IReadOnlyList<ImageManifest> manifests, IReadOnlyList<Blob> blobs)
    {
        var configurations = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var manifest in manifests)
        {
            using var json = JsonDocument.Parse(manifest.Content);
            if (json.RootElement.TryGetProperty("config", out var configuration))
            {
                configurations.Add(configuration.GetProperty("digest").GetString());
            }
        }

        return [.. blobs.Where(blob => !configurations.Contains(blob.Digest))];
    }
}
