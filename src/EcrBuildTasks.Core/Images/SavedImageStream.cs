using System.Formats.Tar;
using System.IO.Pipelines;
using System.Text.Json;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>
/// Writes an image as the archive that every engine loads: an OCI layout, and for a single image a manifest.json as well, which
/// is all that older engines look for.
/// </summary>
internal static class SavedImageStream
{
    /// <summary>Hands the archive to a reader while it is written; nothing is kept.</summary>
    /// <exception cref="PushException">A blob cannot be read.</exception>
    public static async Task ReadAsync(ImageContent image, Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, image, stop.Token);
        try
        {
            await read(pipe.Reader.AsStream());
        }
        catch when (writing is { IsCompletedSuccessfully: true, Result: PushException unreadable })
        {
            // What the reader threw is only how it heard of this.
            throw new PushException(unreadable.Code, unreadable.Message, innerException: unreadable);
        }
        finally
        {
            // A reader that refuses the image does not read it to its end.
            await stop.CancelAsync();
            await writing;
        }
    }

    /// <returns>What went wrong; the reader hears of it, too, but may wrap it.</returns>
    private static async Task<Exception?> WriteAsync(
        PipeWriter pipe,
        ImageContent image,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using (var tar = new TarWriter(pipe.AsStream(leaveOpen: true), TarEntryFormat.Pax))
            {
                await WriteAsync(tar, image, cancellationToken);
            }

            await pipe.CompleteAsync();
            return null;
        }
        catch (Exception failure)
        {
            await pipe.CompleteAsync(failure);
            return failure;
        }
    }

    private static async Task WriteAsync(TarWriter tar, ImageContent image, CancellationToken cancellationToken)
    {
        foreach (var blob in image.Blobs)
        {
            await AddAsync(Digest.FileName(blob.Digest), new BlobStream(blob.Content));
        }

        foreach (var manifest in image.Manifests)
        {
            await AddAsync(Digest.FileName(manifest.Digest), new MemoryStream(manifest.Content.ToArray()));
        }

        if (!image.Root.IsIndex)
        {
            await AddAsync("manifest.json", new MemoryStream(SavedImageOf(image.Root)));
        }

        await AddAsync("index.json", new MemoryStream(IndexOf(image.Root)));
        await AddAsync("oci-layout", new MemoryStream("{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray()));

        async Task AddAsync(string name, Stream content)
        {
            await using var _ = content;
            var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content };
            await tar.WriteEntryAsync(entry, cancellationToken);
        }
    }

    private static byte[] SavedImageOf(ImageManifest manifest)
    {
        var document = JsonSerializer.Deserialize(manifest.Content.Span, ImageDocuments.Default.ManifestDocument)!;
        return JsonSerializer.SerializeToUtf8Bytes(
            [
                new SavedImage(
                    Digest.FileName(document.Config!.Digest!),
                    RepoTags: null,
                    [.. document.Layers!.Select(layer => Digest.FileName(layer!.Digest!))]
                ),
            ],
            ImageDocuments.Default.IReadOnlyListSavedImage
        );
    }

    private static byte[] IndexOf(ImageManifest root) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new ManifestDocument(
                SchemaVersion: 2,
                MediaTypes.OciIndex,
                Config: null,
                Layers: null,
                [
                    new Descriptor(
                        root.MediaType,
                        root.Digest,
                        root.Content.Length,
                        Urls: null,
                        Annotations: null,
                        Platform: null
                    ),
                ]
            ),
            ImageDocuments.Default.ManifestDocument
        );
}
