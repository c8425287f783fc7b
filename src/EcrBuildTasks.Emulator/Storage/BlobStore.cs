namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Layers as files, named by digest. Which repository has which is <see cref="Repository.Layers"/>.</summary>
internal sealed class BlobStore : IDisposable
{
    private readonly string blobs;
    private readonly string uploads;
    private readonly string? temporaryRoot;

    public BlobStore(string? stateDirectory)
    {
        temporaryRoot = stateDirectory is null ? Directory.CreateTempSubdirectory("ecr-emulator-").FullName : null;
        var root = stateDirectory ?? temporaryRoot!;
        blobs = Directory.CreateDirectory(Path.Combine(root, "blobs", "sha256")).FullName;
        uploads = Path.Combine(root, "uploads");
        if (Directory.Exists(uploads))
        {
            // An upload does not outlive the process that took it.
            Directory.Delete(uploads, recursive: true);
        }

        Directory.CreateDirectory(uploads);
    }

    public string PathOf(string digest) => Path.Combine(blobs, digest["sha256:".Length..]);

    public string NewUploadPath() => Path.Combine(uploads, Path.GetRandomFileName());

    /// <summary>Keeps a finished upload as the blob of its digest.</summary>
    public void Adopt(string uploadPath, string digest) => File.Move(uploadPath, PathOf(digest), overwrite: true);

    public void Dispose()
    {
        if (temporaryRoot is not null && Directory.Exists(temporaryRoot))
        {
            Directory.Delete(temporaryRoot, recursive: true);
        }
    }
}
