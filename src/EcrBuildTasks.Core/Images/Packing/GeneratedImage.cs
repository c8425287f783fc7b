using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcrBuildTasks.Images.Packing;

/// <summary>An image as the .NET SDK describes it: its top layer is the application.</summary>
internal sealed class GeneratedImage
{
    private const string CreatedByTheSdk = ".NET SDK";
    private static readonly string[] CreationLabels =
    [
        "org.opencontainers.image.created",
        "org.opencontainers.artifact.created",
    ];

    private readonly JsonObject _manifest;
    private readonly JsonObject _configuration;

    /// <exception cref="JsonException">A document is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A document has another form.</exception>
    public GeneratedImage(string manifest, string configuration)
    {
        _manifest = JsonNode.Parse(manifest)!.AsObject();
        _configuration = JsonNode.Parse(configuration)!.AsObject();
        ApplicationLayer = Layers[^1]!["digest"]!.GetValue<string>();
    }

    /// <summary>The digest of the top layer.</summary>
    public string ApplicationLayer { get; }

    private JsonArray Layers => _manifest["layers"]!.AsArray();

    /// <summary>Replaces the top layer.</summary>
    public void Replace(IReadOnlyList<(ApplicationPart Part, PackedLayer Packed)> layers)
    {
        var diffIds = _configuration["rootfs"]!["diff_ids"]!.AsArray();
        var history = _configuration["history"]!.AsArray();
        var (layer, made) = (TakeLast(Layers), TakeLast(history));
        TakeLast(diffIds);
        foreach (var (part, packed) in layers)
        {
            var descriptor = layer.DeepClone();
            descriptor["digest"] = packed.Blob.Digest;
            descriptor["size"] = packed.Blob.Size;
            Layers.Add(descriptor);
            diffIds.Add((JsonNode)packed.DiffId);
            var step = made.DeepClone();
            step["comment"] = part.ToString().ToLowerInvariant();
            history.Add(step);
        }
    }

    /// <summary>Sets the time at which the image was made, in all places where the SDK has written that of the build.</summary>
    public void SetCreated(DateTimeOffset time)
    {
        var built = _configuration["created"]?.GetValue<string>();
        var created = time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        _configuration["created"] = created;
        foreach (var step in _configuration["history"]!.AsArray())
        {
            if (
                step?["author"]?.GetValueKind() is JsonValueKind.String
                && step["author"]!.GetValue<string>() == CreatedByTheSdk
            )
            {
                step["created"] = created;
            }
        }

        if (_configuration["config"]?["Labels"] is JsonObject labels && built is not null)
        {
            foreach (var name in CreationLabels)
            {
                if (labels[name]?.GetValue<string>() is { } label && IsOfBuild(label, built))
                {
                    labels[name] = created;
                }
            }
        }
    }

    /// <summary>The documents.</summary>
    public (byte[] Manifest, string MediaType, byte[] Configuration) Write()
    {
        var configuration = Write(_configuration);
        _manifest["config"]!["digest"] = Digest.Compute(configuration);
        _manifest["config"]!["size"] = configuration.Length;
        return (Write(_manifest), _manifest["mediaType"]!.GetValue<string>(), configuration);
    }

    /// <summary>
    /// Whether a label has the time of the build and not one that the project has set. In an image of several architectures,
    /// the SDK cuts it after the hour.
    /// </summary>
    private static bool IsOfBuild(string label, string built) =>
        Read(label) is { } time
        && Read(built) is { } end
        && end - time is var before
        && before >= TimeSpan.FromMinutes(-1)
        && before < TimeSpan.FromHours(2);

    private static DateTimeOffset? Read(string time) =>
        DateTimeOffset.TryParse(
            time.Length == "2026-11-30T04".Length ? $"{time}:00" : time,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var read
        )
            ? read
            : null;

    private static byte[] Write(JsonObject document)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(json);
        }

        return stream.ToArray();
    }

    private static JsonNode TakeLast(JsonArray array)
    {
        var last = array[^1]!;
        array.RemoveAt(array.Count - 1);
        return last;
    }
}
