using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>A temporary folder for what has to be unpacked or compressed; made when it is first used, gone with its image.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly List<Blob> _blobs = [];
    private DirectoryInfo? _folder;
    private int _files;

    /// <summary>The folder, once there is one.</summary>
    public string? Folder => _folder?.FullName;

    /// <summary>Told of each layer that is ready to be sent, while others are still being prepared.</summary>
    public Action<Blob>? LayerReady { get; set; }

    /// <summary>A path for a new file.</summary>
    public string NewFile()
    {
        _folder ??= Directory.CreateTempSubdirectory("ecr-image-");
        return Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}");
    }

    /// <summary>Takes a layer that was prepared here.</summary>
    public void Keep(Blob layer)
    {
        _blobs.Add(layer);
        LayerReady?.Invoke(layer);
    }

    /// <summary>The failure to write here, for the one who has to make room.</summary>
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
        _blobs.ForEach(blob => blob.Content.Dispose());
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
