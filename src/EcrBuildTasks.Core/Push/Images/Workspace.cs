namespace EcrBuildTasks.Push.Images;

/// <summary>A temporary folder for what has to be unpacked or compressed; made when it is first used, gone with its image.</summary>
internal sealed class Workspace : IDisposable
{
    private DirectoryInfo? _folder;
    private int _files;

    /// <summary>A path for a new file.</summary>
    public string NewFile()
    {
        _folder ??= Directory.CreateTempSubdirectory("ecr-image-");
        return Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}");
    }

    /// <summary>The failure to write here, for the one who has to make room.</summary>
    /// <param name="path">The image.</param>
    /// <param name="failure">What the system said.</param>
    public static PushException Failure(string path, Exception failure) =>
        InvalidImage.Of(
            path,
            $"its layers cannot be prepared in {Path.GetTempPath()}: {failure.Message}",
            "Make room there, or name another folder in TMPDIR (Windows: TEMP).",
            failure
        );

    public void Dispose()
    {
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed is left to whoever cleans the temporary folder; the push is not worse for it.
        }
    }
}
