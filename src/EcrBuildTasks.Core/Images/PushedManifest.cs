using System.Text.Json;

namespace EcrBuildTasks.Images;

/// <summary>The manifest of a single image as a registry gives it out.</summary>
/// <param name="Manifest">Its bytes.</param>
/// <param name="Configuration">The configuration, whose digest stands for the image's content.</param>
/// <param name="Layers">The layers, from the lowest.</param>
internal sealed record PushedManifest(
    ImageManifest Manifest,
    Descriptor Configuration,
    IReadOnlyList<Descriptor> Layers
)
{
    /// <returns><see langword="null"/> if the bytes are no manifest, or one of another kind.</returns>
    public static PushedManifest? Read(ReadOnlyMemory<byte> bytes, string? mediaType)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes.Span, ImageDocuments.Default.ManifestDocument);
            return
                document is { SchemaVersion: 2, Config: { } configuration, Layers: { } layers }
                && (document.MediaType ?? mediaType) is { } type
                && MediaTypes.IsManifest(type)
                && layers.Prepend(configuration).All(part => Digest.IsDigest(part?.Digest) && part!.Size >= 0)
                ? new(
                    new ImageManifest(Digest.Compute(bytes.Span), type, bytes),
                    configuration,
                    [.. layers.OfType<Descriptor>()]
                )
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
