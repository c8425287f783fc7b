namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Layers as files, named by digest. Which repository has which is <see cref="Repository.Layers"/>.</summary>
internal sealed class BlobStore : IDisposable
{
    private readonly string _blobs;
    private readonly string _uploads;
    private readonly string? _temporaryRoot;

    public BlobStore(string? stateDirectory)
    {
        _temporaryRoot = stateDirectory is null ? Directory.CreateTempSubdirectory("ecr-emulator-").FullName : null;
        var root = stateDirectory ?? _temporaryRoot!;
        _blobs = Directory.CreateDirectory(Path.Combine(root, "blobs", "sha256")).FullName;
        _uploads = Path.Combine(root, "uploads");
        if (Directory.Exists(_uploads))
        {
            // An upload does not outlive the process that took it.
            Directory.Delete(_uploads, recursive: true);
        }

        Directory.CreateDirectory(_uploads);
    }

    public string PathOf(string digest) => Path.Combine(_blobs, digest["sha256:".Length..]);

    public string NewUploadPath() => Path.Combine(_uploads, Path.GetRandomFileName());

    /// <summary>Keeps a finished upload as the blob of its digest.</summary>
    public void Adopt(string uploadPath, string digest) => File.Move(uploadPath, PathOf(digest), overwrite: true);

    /// <summary>Deletes all blobs, those of the state directory too.</summary>
    public void Forget()
    {
        if (Directory.Exists(_blobs))
        {
            Directory.Delete(_blobs, recursive: true);
        }
    }

    public void Dispose()
    {
        if (_temporaryRoot is not null && Directory.Exists(_temporaryRoot))
        {
            Directory.Delete(_temporaryRoot, recursive: true);
        }
    }
}
