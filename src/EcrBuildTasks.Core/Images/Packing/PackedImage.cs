using System.Buffers;
using System.Text.Json;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images.Packing;

/// <summary>Opens what <see cref="ImagePacking"/> has written.</summary>
internal static class PackedImage
{
    /// <param name="layouts">The layouts, one for each platform.</param>
    /// <param name="baseLayer">Opens a layer of the base image, by its digest and its size in bytes.</param>
    /// <exception cref="PushException">A layout is damaged or incomplete.</exception>
    public static async Task<ImageContent> OpenAsync(
        IReadOnlyList<string> layouts,
        Func<string, long, BlobContent> baseLayer,
        CancellationToken cancellationToken
    )
    {
        var images = new List<ImageContent>();
        foreach (var path in layouts)
        {
            var layout = new OciLayout(new FolderFiles(path), baseLayer: baseLayer);
            images.Add(
                await layout.OpenAsync(await layout.ChooseAsync(name: null, cancellationToken), cancellationToken)
            );
        }

        if (images is [var single])
        {
            return single;
        }

        var platforms = new List<Platform>();
        foreach (var image in images)
        {
            platforms.Add(await image.ReadPlatformAsync(cancellationToken));
        }

        return new(
            [.. images.Select(image => image.Root), CreateIndex([.. images.Select(image => image.Root)], platforms)],
            [.. images.SelectMany(image => image.Blobs).DistinctBy(blob => blob.Digest, StringComparer.Ordinal)]
        );
    }

    private static ImageManifest CreateIndex(ImageManifest[] images, List<Platform> platforms)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.OciIndex);
            json.WriteStartArray("manifests");
            foreach (var (image, platform) in images.Zip(platforms))
            {
                json.WriteStartObject();
                json.WriteString("mediaType", image.MediaType);
                json.WriteNumber("size", image.Content.Length);
                json.WriteString("digest", image.Digest);
                json.WriteStartObject("platform");
                json.WriteString("architecture", platform.Architecture);
                json.WriteString("os", platform.Os);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new(Digest.Compute(bytes.WrittenSpan), MediaTypes.OciIndex, bytes.WrittenMemory);
    }
}
