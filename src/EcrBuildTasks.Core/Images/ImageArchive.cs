using System.IO.Compression;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>Opens an archive or layout, of whichever format it is.</summary>
internal static class ImageArchive
{
    /// <summary>In bytes, up to which any archive is unpacked; a larger one must not be compressed to less than a hundredth.</summary>
    private const long AlwaysUnpacked = 1 << 30;
    private const int LargestRatio = 100;

    /// <summary>Reads the names of what an archive file holds; one that is gzipped as a whole is unpacked first.</summary>
    /// <exception cref="PushException">It is missing or no archive.</exception>
    public static async Task<ImageFiles> ReadAsync(
        string path,
        Workspace workspace,
        CancellationToken cancellationToken,
        long alwaysUnpacked = AlwaysUnpacked
    )
    {
        try
        {
            var (isGzip, other) = await DetectAsync(path, cancellationToken);
            if (other is not null)
            {
                throw InvalidImage.Create(
                    path,
                    "it is compressed in a format other than gzip",
                    $"Unpack it with `{other} -d` and push the result."
                );
            }

            var tar = isGzip ? await UnpackAsync(path, workspace, alwaysUnpacked, cancellationToken) : path;
            return await Task.Run(() => TarIndex.Read(path, tar, cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InvalidImage.Create(path, "it does not exist", "Check the path.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InvalidImage.Create(path, $"it cannot be read: {failure.Message}", cause: failure);
        }
    }

    /// <param name="files">An archive or layout.</param>
    /// <param name="name">Which image of several.</param>
    /// <param name="workspace">Where layers are compressed.</param>
    /// <exception cref="PushException">
    /// No image was found, or the image is damaged, incomplete or not supported.
    /// </exception>
    public static async Task<ImageContent> OpenAsync(
        ImageFiles files,
        string? name,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        if (OciLayout.IsIn(files) && SavedImages.IsIn(files))
        {
            return await SavedLayout.OpenAsync(files, name, workspace, cancellationToken);
        }

        if (OciLayout.IsIn(files))
        {
            var layout = new OciLayout(files);
            return await layout.OpenAsync(await layout.ChooseAsync(name, cancellationToken), cancellationToken);
        }

        if (SavedImages.IsIn(files))
        {
            var saved = new SavedImages(files, workspace);
            return await saved.OpenAsync(await saved.ChooseAsync(name, cancellationToken), cancellationToken);
        }

        throw InvalidImage.Create(
            files.Path,
            "it is not an image: it contains neither the manifest.json of `docker save` nor the oci-layout and index.json of an OCI layout"
        );
    }

    /// <returns>Whether it is gzipped, or otherwise the program that unpacks it.</returns>
    private static async Task<(bool IsGzip, string? Other)> DetectAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var start = new byte[LayerEncodings.MagicLength];
        var read = await RandomAccess.ReadAsync(file, start, 0, cancellationToken);
        return (LayerEncodings.Detect(start.AsSpan(0, read)), start) switch
        {
            (LayerEncoding.Gzip, _) => (true, null),
            (LayerEncoding.Zstd, _) => (false, "zstd"),
            (_, [0xfd, (byte)'7', (byte)'z', (byte)'X']) => (false, "xz"),
            (_, [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9']) => (false, "bzip2"),
            _ => (false, null),
        };
    }

    private static async Task<string> UnpackAsync(
        string path,
        Workspace workspace,
        long alwaysUnpacked,
        CancellationToken cancellationToken
    )
    {
        var tar = workspace.NewFile();
        await using var file = File.OpenRead(path);
        var left = Math.Max(alwaysUnpacked, file.Length * LargestRatio);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        var buffer = new byte[1 << 20];
        await using var target = new FileStream(
            tar,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 0
        );
        while (true)
        {
            int read;
            try
            {
                read = await gzip.ReadAsync(buffer, cancellationToken);
            }
            catch (InvalidDataException failure)
            {
                throw InvalidImage.Create(
                    path,
                    $"it may be truncated or not an archive: {failure.Message}",
                    cause: failure
                );
            }

            if (read == 0)
            {
                return tar;
            }

            left -= read;
            if (left < 0)
            {
                throw InvalidImage.Create(
                    path,
                    $"it unpacks to more than {LargestRatio} times its size of {file.Length} bytes",
                    "If you trust its source, unpack it with gzip -d and push the result."
                );
            }

            try
            {
                // Bytes that cannot be compressed have at most 9 bits for 8.
                workspace.Require(read + ((file.Length - file.Position) / 9 * 8));
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException failure)
            {
                throw Workspace.Failure(path, failure);
            }
        }
    }
}
