using System.Formats.Tar;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>
/// Takes a tar as it comes in over a connection, and so only once: a plain layer is compressed on its way and never stands plain
/// on the disk, all else is kept as it is.
/// </summary>
internal static class TarReception
{
    private const int BlockSize = 512;

    /// <param name="path">The image as its owner knows it.</param>
    /// <param name="workspace">Where the members are kept.</param>
    /// <exception cref="PushException">The stream is not a tar archive or is truncated, or the disk is full.</exception>
    public static async Task<TarFiles> RunAsync(
        string path,
        Stream tar,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var files = new TarFiles(path);
        await using var headers = new TarHeaders(tar);
        await using var reader = new TarReader(headers);
        try
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                headers.IsInMember = true;
                files.Add(entry, TarFiles.IsFile(entry) ? await KeepAsync(entry, workspace, cancellationToken) : null);
                headers.IsInMember = false;
            }
        }
        catch (InvalidDataException failure)
        {
            throw InvalidImage.Create(
                path,
                $"it is not a valid archive: {InvalidImage.Shown(failure.Message)}",
                cause: failure
            );
        }

        return files;
    }

    private static async Task<ImageFile> KeepAsync(
        TarEntry entry,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var content = entry.DataStream ?? Stream.Null;
        var start = new byte[BlockSize];
        var read = await content.ReadAtLeastAsync(start, BlockSize, throwOnEndOfStream: false, cancellationToken);
        if (IsTar(start.AsSpan(0, read), entry.Length))
        {
            return new ImageFile(entry.Name, StoredAt: "", 0, entry.Length)
            {
                Packed = await LayerCompression.RunAsync(start, content, workspace, cancellationToken),
            };
        }

        var storeAt = workspace.NewFile();
        workspace.Require(entry.Length);
        await using var file = new FileStream(storeAt, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, true);
        await file.WriteAsync(start.AsMemory(0, read), cancellationToken);
        await content.CopyToAsync(file, 1 << 20, cancellationToken);
        return new ImageFile(entry.Name, storeAt, 0, entry.Length);
    }

    /// <summary>Whether a member is itself a tar: it begins with a header (POSIX, "ustar") or is an empty one.</summary>
    private static bool IsTar(ReadOnlySpan<byte> start, long length) =>
        start.Length == BlockSize
        && (
            start[257..].StartsWith("ustar"u8)
            || (length % BlockSize == 0 && length >= 2 * BlockSize && !start.ContainsAnyExcept((byte)0))
        );
}
