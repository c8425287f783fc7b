using System.Collections.Concurrent;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Opens, finds and completes uploads of layers.</summary>
internal sealed class LayerUploads(RegistryStore store, BlobStore blobs, bool keepsBrokenParts) : IDisposable
{
    private readonly ConcurrentDictionary<string, LayerUpload> _uploads = new(StringComparer.Ordinal);

    public LayerUpload Open(Repository repository)
    {
        var upload = new LayerUpload(Guid.NewGuid().ToString(), repository, blobs.NewUploadPath(), keepsBrokenParts);
        _uploads[upload.Id] = upload;
        return upload;
    }

    public LayerUpload Find(Repository repository, string id) =>
        _uploads.TryGetValue(id, out var upload) && upload.Repository == repository
            ? upload
            : throw new EcrException(
                "UploadNotFoundException",
                $"The upload with id '{id}' in the repository with name '{repository.Name}' in registry with id '{repository.Account}' does not exist"
            );

    public void Cancel(LayerUpload upload)
    {
        if (_uploads.TryRemove(upload.Id, out _))
        {
            upload.Dispose();
        }
    }

    /// <summary>Makes a finished upload a layer of its repository.</summary>
    /// <returns>The layer's digest, and whether the repository had it before.</returns>
    public async Task<(string Digest, bool Existed)> CompleteAsync(
        LayerUpload upload,
        IReadOnlyList<string> expectedDigests,
        CancellationToken cancellation
    )
    {
        var repository = upload.Repository;
        if (!upload.HasParts)
        {
            throw new EcrException(
                "EmptyUploadException",
                $"The upload with id '{upload.Id}' in the repository with name '{repository.Name}' in registry with id '{repository.Account}' cannot be completed because it does not have any parts."
            );
        }

        if (upload.HasTooSmallPart)
        {
            throw new EcrException(
                "LayerPartTooSmallException",
                "All layer parts except the last part should be at least 5MB"
            );
        }

        var digest = await upload.ComputeDigestAsync(cancellation);
        if (!expectedDigests.Contains(digest, StringComparer.Ordinal))
        {
            throw new EcrException(
                "InvalidLayerException",
                "None of the provided layer digests match the calculated layer digest"
            );
        }

        var size = upload.Size;
        blobs.Adopt(upload.Path, digest);
        Cancel(upload);
        return (digest, !store.Change(repository, () => repository.Layers.TryAdd(digest, size)));
    }

    public void Dispose()
    {
        foreach (var upload in _uploads.Values)
        {
            upload.Dispose();
        }
    }
}
