using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>What a manifest or an index says of itself and refers to.</summary>
internal sealed record ImageManifest
{
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    public required string Digest { get; init; }

    public required string MediaType { get; init; }

    public string? ArtifactMediaType { get; init; }

    public string? SubjectDigest { get; init; }

    /// <summary>The config and the layers, with their sizes.</summary>
    public IReadOnlyList<(string Digest, long Size)> Layers { get; init; } = [];

    /// <summary>The images of an index.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    public bool IsIndex => MediaType is OciIndex or DockerList;

    public static ImageManifest Parse(string text, string? declaredMediaType)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement, text, declaredMediaType);
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw EcrException.InvalidParameter("ImageManifest", "Invalid JSON syntax");
        }
    }

    /// <summary>Whether a manifest contains its media type; also true for a text that is no manifest.</summary>
    public static bool NamesItsType(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is not JsonValueKind.Object
                || document.RootElement.TryGetProperty("mediaType", out _);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    public static string DigestOf(string manifest) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));

    private static ImageManifest Read(JsonElement root, string text, string? declaredMediaType)
    {
        var ownMediaType = Text(root, "mediaType");
        var mediaType =
            declaredMediaType ?? ownMediaType ?? (root.TryGetProperty("manifests", out _) ? OciIndex : OciManifest);
        if (mediaType is not (OciManifest or OciIndex or DockerManifest or DockerList))
        {
            throw new EcrException(
                "UnsupportedImageTypeException",
                $"Manifests of media type '{mediaType}' are not supported"
            );
        }

        if (ownMediaType is not null && ownMediaType != mediaType)
        {
            throw EcrException.InvalidParameter(
                "imageManifestMediaType",
                "imageManifestMediaType must match the mediaType of the manifest"
            );
        }

        var manifest = new ImageManifest
        {
            Digest = DigestOf(text),
            MediaType = mediaType,
            SubjectDigest = root.TryGetProperty("subject", out var subject) ? Text(subject, "digest") : null,
        };
        if (manifest.IsIndex)
        {
            return manifest with
            {
                ArtifactMediaType = Text(root, "artifactType"),
                Children =
                [
                    .. root.GetProperty("manifests").EnumerateArray().Select(child => Required(child, "digest")),
                ],
            };
        }

        var config = root.GetProperty("config");
        // A layer with URLs stays where they lead; one with data is here already.
        var layers = root.GetProperty("layers")
            .EnumerateArray()
            .Prepend(config)
            .Where(layer => !layer.TryGetProperty("urls", out _) && !layer.TryGetProperty("data", out _));
        return manifest with
        {
            ArtifactMediaType = Text(root, "artifactType") ?? Text(config, "mediaType"),
            Layers = [.. layers.Select(layer => (Required(layer, "digest"), layer.GetProperty("size").GetInt64()))],
        };
    }

    private static string Required(JsonElement element, string name) =>
        Text(element, name) ?? throw new FormatException(name);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
