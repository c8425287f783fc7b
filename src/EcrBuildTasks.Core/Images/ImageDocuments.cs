using System.Text.Json;
using System.Text.Json.Serialization;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>A reference in a manifest or an index.</summary>
internal sealed record Descriptor(
    string? MediaType,
    string? Digest,
    long? Size,
    string[]? Urls,
    IReadOnlyDictionary<string, string?>? Annotations,
    Platform? Platform
)
{
    /// <summary>The content itself, in base64.</summary>
    public string? Data { get; init; }

    /// <summary>Whether the content is stored elsewhere, so that an image is complete without it.</summary>
    [JsonIgnore]
    public bool IsForeign => MediaTypes.IsForeignLayer(MediaType) && Urls is [_, ..];
}

internal sealed record Platform(string? Os, string? Architecture, string? Variant)
{
    /// <summary>Attestations are "unknown/unknown"; what is not a name is not printed.</summary>
    public bool IsKnown =>
        Os is not (null or "" or "unknown")
        && Architecture is not (null or "")
        && ToString() is { Length: < 64 } text
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '.' or '_');

    public override string ToString() =>
        string.Join('/', new[] { Os, Architecture, Variant }.Where(part => !string.IsNullOrEmpty(part)));
}

/// <summary>A manifest or an index; its properties show which.</summary>
internal sealed record ManifestDocument(
    int? SchemaVersion,
    string? MediaType,
    Descriptor? Config,
    IReadOnlyList<Descriptor?>? Layers,
    IReadOnlyList<Descriptor?>? Manifests
);

/// <summary>What is looked at of an image's configuration.</summary>
internal sealed record ConfigurationDocument(RootFileSystem? Rootfs, string? Os, string? Architecture, string? Variant);

/// <param name="DiffIds">The digests of the plain layers, from the lowest.</param>
internal sealed record RootFileSystem([property: JsonPropertyName("diff_ids")] IReadOnlyList<string?>? DiffIds);

/// <summary>An image in the manifest.json of an archive as <c>docker save</c> writes it.</summary>
internal sealed record SavedImage(
    [property: JsonPropertyName("Config")] string? Config,
    [property: JsonPropertyName("RepoTags")] IReadOnlyList<string?>? RepoTags,
    [property: JsonPropertyName("Layers")] IReadOnlyList<string?>? Layers
);

// Two readers can see different values of a duplicate property, so such a document is rejected.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(ConfigurationDocument))]
[JsonSerializable(typeof(IReadOnlyList<SavedImage?>))]
internal sealed partial class ImageDocuments : JsonSerializerContext
{
    /// <summary>The largest manifest that ECR accepts, in bytes (AWS, "Amazon ECR service quotas").</summary>
    public const int LargestManifest = 4 << 20;

    /// <summary>In bytes; configurations have some kilobytes.</summary>
    public const int LargestConfiguration = 8 << 20;

    /// <exception cref="PushException">The document is too large or not what it should be.</exception>
    public static async Task<(byte[] Bytes, T Document)> ReadAsync<T>(
        ImageFiles files,
        ImageFile file,
        int largest,
        Func<ImageDocuments, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type,
        CancellationToken cancellationToken
    )
    {
        if (file.Length > largest)
        {
            throw InvalidImage.Create(
                files.Path,
                $"its {InvalidImage.Shown(file.Name)} has {file.Length} bytes, but the maximum is {largest}"
            );
        }

        var bytes = await file.ReadAsync(largest, cancellationToken);
        try
        {
            return (
                bytes,
                JsonSerializer.Deserialize(bytes, type(Default)) ?? throw new JsonException("the document is null")
            );
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw InvalidImage.Create(
                files.Path,
                $"its {InvalidImage.Shown(file.Name)} cannot be read: {InvalidImage.Shown(failure.Message)}",
                cause: failure
            );
        }
    }
}
