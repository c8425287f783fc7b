using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>A temporary folder for what has to be unpacked or compressed; made when it is first used, gone with its image.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly List<Blob> _blobs = [];
    private DirectoryInfo? _folder;
    private int _files;

    /// <summary>The folder, once it exists.</summary>
    public string? Folder => _folder?.FullName;

    /// <summary>Told of each layer that is ready to be sent, while others are still being prepared.</summary>
    public Action<Blob>? LayerReady { get; set; }

    /// <inheritdoc cref="FindFreeBytes"/>
    public Func<string, long?> FreeBytes { get; init; } = FindFreeBytes;

    /// <summary>A path for a new file.</summary>
    public string NewFile()
    {
        _folder ??= Directory.CreateTempSubdirectory("ecr-image-");
        return Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}");
    }

    /// <summary>Refuses what cannot fit, before it fills the drive.</summary>
    /// <param name="bytes">How many will be written to a file of this folder, at least.</param>
    /// <exception cref="IOException">Fewer are free.</exception>
    public void Require(long bytes)
    {
        if (FreeBytes(_folder!.FullName) is { } free && free < bytes)
        {
            throw new IOException($"at least {bytes} bytes are needed, but {free} bytes are free");
        }
    }

    /// <summary>The bytes that are free on the drive of a folder; <see langword="null"/> if that cannot be found out.</summary>
    public static long? FindFreeBytes(string folder)
    {
        try
        {
            // On Unix any folder stands for the mount that contains it; on Windows only the letter of its path counts.
            var drive = new DriveInfo(folder);
            // File systems that do not count their blocks have a size of 0.
            return drive.TotalSize > 0 && !(OperatingSystem.IsWindows() && IsBehindLink(new DirectoryInfo(folder)))
                ? drive.AvailableFreeSpace
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Takes a layer that was prepared here.</summary>
    public void Keep(Blob layer)
    {
        _blobs.Add(layer);
        LayerReady?.Invoke(layer);
    }

    /// <summary>The error for a failure to write to this folder.</summary>
    /// <param name="failure">The exception of the operating system.</param>
    public static PushException Failure(string path, Exception failure) =>
        InvalidImage.Create(
            path,
            $"its layers cannot be prepared in {Path.GetTempPath()}: {failure.Message}",
            "Free disk space there, or set TMPDIR (on Windows TEMP) to another folder.",
            failure
        );

    public void Dispose()
    {
        _blobs.ForEach(blob => blob.Content.Dispose());
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be deleted stays in the temporary folder; the push still succeeds.
        }
    }

    private static bool IsBehindLink(DirectoryInfo? folder) =>
        folder is not null && (folder.Attributes.HasFlag(FileAttributes.ReparsePoint) || IsBehindLink(folder.Parent));
}
