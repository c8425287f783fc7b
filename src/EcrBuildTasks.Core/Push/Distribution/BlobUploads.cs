using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push.Distribution;

/// <summary>Brings the blobs that are absent into a repository: all are asked for at once, several are sent at a time, big ones first.</summary>
internal sealed class BlobUploads(
    RemoteRepository repository,
    ImageContent image,
    ImagePush push,
    FirstLook look,
    LayerLedger layers,
    Retries retries
)
{
    private const int AtOnce = 8;

    private long _bytesSent;

    /// <summary>The bytes of blobs that went to the registry, those that had to go twice counted twice.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <exception cref="PushException">A blob could not be brought there; the others are given up.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(AtOnce, AtOnce);
        var uploads = image.Blobs.OrderByDescending(blob => blob.Size).Select(RunOneAsync).ToList();
        PushException? first = null;
        foreach (var upload in uploads)
        {
            try
            {
                await upload;
            }
            catch (PushException failure)
            {
                first ??= failure;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Given up because of another blob, whose failure is told.
            }
        }

        if (first is not null)
        {
            throw first;
        }

        async Task RunOneAsync(Blob blob)
        {
            try
            {
                var isThere = look.Blobs.TryGetValue(blob.Digest, out var known)
                    ? Task.FromResult(known)
                    : repository.HasBlobAsync(blob.Digest, stop.Token);
                var status = await BringAsync(blob, isThere, places, stop.Token);
                Record(blob, status, status is LayerStatus.Pushed ? blob.Size : 0);
            }
            catch (PushException)
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    private async Task<LayerStatus> BringAsync(
        Blob blob,
        Task<bool> isThere,
        SemaphoreSlim places,
        CancellationToken cancellationToken
    )
    {
        // Where nothing is expected to be there, the upload is opened without waiting for the answer: one round trip less.
        var isGuess = look.IsNothingThere && !isThere.IsCompleted && push.MountFrom is null;
        var opened = isGuess ? repository.OpenUploadAsync(cancellationToken) : null;
        if (await isThere)
        {
            return LayerStatus.AlreadyExists;
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            long position = 0;
            Record(blob, LayerStatus.Pushing, 0);
            var upload = new BlobUpload(
                repository,
                blob,
                push.MountFrom,
                retries,
                count =>
                {
                    Interlocked.Add(ref _bytesSent, count);
                    Record(blob, LayerStatus.Pushing, position += count);
                },
                (failure, wait) =>
                {
                    position = 0;
                    layers.Record(
                        push.Tags[0],
                        blob.ShortId,
                        $"{failure.Message} It is tried again in {wait.TotalSeconds:0.0} s."
                    );
                }
            );
            return await upload.RunAsync(opened is null ? null : await opened, cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>A configuration travels beside the layers and nobody speaks of it.</summary>
    private void Record(Blob blob, LayerStatus status, long sent)
    {
        if (image.Layers.Contains(blob))
        {
            layers.Record(push.Tags[0], blob.ShortId, status, sent, blob.Size);
        }
    }
}
