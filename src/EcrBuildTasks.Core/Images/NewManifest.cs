using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EcrBuildTasks.Images;

/// <summary>
/// Makes the manifest of an image that has none: Docker's schema 2, which every engine reads; OCI's where a layer is packed with
/// zstd, which Docker's has no type for. The same layers always give the same bytes.
/// </summary>
internal static class NewManifest
{
    public static ImageManifest Create(Blob configuration, IReadOnlyList<(Blob Blob, LayerEncoding Encoding)> layers)
    {
        var isOci = layers.Any(layer => layer.Encoding is LayerEncoding.Zstd);
        var mediaType = isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest;
        var bytes = new ArrayBufferWriter<byte>();
        // Writes the + of media types as it is.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", mediaType);
            json.WritePropertyName("config");
            Write(json, configuration, isOci ? MediaTypes.OciConfig : MediaTypes.DockerConfig);
            json.WriteStartArray("layers");
            foreach (var (blob, encoding) in layers)
            {
                Write(json, blob, MediaTypeOf(encoding, isOci));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new ImageManifest(Digest.Compute(bytes.WrittenSpan), mediaType, bytes.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, Blob blob, string mediaType)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", mediaType);
        json.WriteNumber("size", blob.Size);
        json.WriteString("digest", blob.Digest);
        json.WriteEndObject();
    }

    private static string MediaTypeOf(LayerEncoding encoding, bool isOci) =>
        (encoding, isOci) switch
        {
            (LayerEncoding.Zstd, _) => MediaTypes.OciZstdLayer,
            (_, true) => MediaTypes.OciGzipLayer,
            _ => MediaTypes.DockerGzipLayer,
        };
}
