using System.Formats.Tar;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>Finds the members of a tar file by its headers alone: the bytes in between are skipped, not read.</summary>
internal static class TarIndex
{
    /// <param name="path">The archive as its owner knows it.</param>
    /// <param name="storedAt">The tar: the same, or what it was unpacked to.</param>
    /// <exception cref="PushException">The file is not a tar archive, or it is truncated.</exception>
    public static TarFiles Read(string path, string storedAt, CancellationToken cancellationToken)
    {
        var files = new TarFiles(path);
        try
        {
            using var tar = new FileStream(storedAt, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 10);
            using var headers = new TarHeaders(tar);
            using var reader = new TarReader(headers);
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                files.Add(entry, TarFiles.IsFile(entry) ? FileOf(entry, path, storedAt, tar.Length) : null);
            }
        }
        catch (Exception failure) when (TarFiles.IsOfTar(failure))
        {
            throw InvalidImage.Create(
                path,
                $"it may be truncated or not an archive: {InvalidImage.Shown(failure.Message)}",
                cause: failure
            );
        }

        return files;
    }

    private static ImageFile FileOf(TarEntry entry, string path, string storedAt, long end)
    {
        var offset = entry.Length > 0 ? entry.DataOffset : 0;
        return entry.Length >= 0 && offset >= 0 && entry.Length <= end - offset
            ? new ImageFile(entry.Name, storedAt, offset, entry.Length)
            : throw InvalidImage.Create(
                path,
                $"it is truncated: its file {InvalidImage.Shown(entry.Name)} has {entry.Length} bytes according to its header, but the archive ends before that"
            );
    }
}
