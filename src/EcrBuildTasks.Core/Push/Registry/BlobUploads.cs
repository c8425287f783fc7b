using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Brings the blobs that are absent into a repository, several at a time. One that cannot be brought there ends the
/// others.
/// </summary>
/// <param name="layers">Receives the status of each layer.</param>
/// <param name="retries">How an upload is tried again.</param>
internal sealed class BlobUploads(
    RemoteRepository repository,
    ImagePush push,
    LayerLedger layers,
    Retries retries,
    CancellationToken cancellationToken
) : IAsyncDisposable
{
    private const int AtOnce = 8;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);
    private readonly Dictionary<string, Task> _uploads = new(StringComparer.Ordinal);
    private long _bytesSent;

    /// <summary>The bytes of blobs that went to the registry, those that had to go twice counted twice.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Cancelled when one of the uploads has failed.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Begins with a layer while the rest of its image is not known yet.</summary>
    public void Begin(Blob layer) => Begin(layer, isLayer: true, look: null);

    /// <summary>Uploads all blobs of an image: checks all at once, sends large ones first.</summary>
    /// <exception cref="PushException">A blob could not be brought there.</exception>
    public async Task RunAsync(ImageContent image, FirstLook look)
    {
        var isLayer = image.Layers.ToHashSet();
        foreach (var blob in image.Blobs.OrderByDescending(blob => blob.Size))
        {
            Begin(blob, isLayer.Contains(blob), look);
        }

        await FinishAsync();
    }

    /// <summary>Waits for all that was begun.</summary>
    /// <exception cref="PushException">A blob could not be brought there.</exception>
    public async Task FinishAsync()
    {
        await EndAsync();
        cancellationToken.ThrowIfCancellationRequested();
        // Those that were given up because of it are cancelled, not faulted.
        await (_uploads.Values.FirstOrDefault(upload => upload.IsFaulted) ?? Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await EndAsync();
        _stop.Dispose();
        _places.Dispose();
    }

    private Task EndAsync() =>
        Task.WhenAll(_uploads.Values).ContinueWith(_ => { }, CancellationToken.None, default, TaskScheduler.Default);

    private void Begin(Blob blob, bool isLayer, FirstLook? look)
    {
        if (!_uploads.ContainsKey(blob.Digest))
        {
            _uploads.Add(blob.Digest, BringOrStopAsync(blob, isLayer, look));
        }
    }

    private async Task BringOrStopAsync(Blob blob, bool isLayer, FirstLook? look)
    {
        try
        {
            var status = await BringAsync(blob, isLayer, look);
            Record(status, status is LayerStatus.Pushed ? blob.Size : 0);
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }

        void Record(LayerStatus status, long sent)
        {
            if (isLayer)
            {
                layers.Record(push.Tags[0], blob.ShortId, status, sent, blob.Size);
            }
        }
    }

    private async Task<LayerStatus> BringAsync(Blob blob, bool isLayer, FirstLook? look)
    {
        var known = look?.Has(blob);
        var lookup = known is null ? repository.HasBlobAsync(blob, Stopping) : null;
        // Where nothing is expected to be there, the upload is opened without waiting for the answer: one round trip less.
        var isGuess = lookup is not null && look is { IsNothingThere: true } && push.MountFrom is null;
        var opened = isGuess ? repository.OpenUploadAsync(Stopping) : null;
        if (known ?? await lookup!)
        {
            await ((Task?)opened ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return LayerStatus.AlreadyExists;
        }

        await _places.WaitAsync(Stopping);
        try
        {
            return await UploadOf(blob, isLayer).RunAsync(opened is null ? null : await opened, Stopping);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The configuration is uploaded together with the layers, without progress of its own.</summary>
    private BlobUpload UploadOf(Blob blob, bool isLayer)
    {
        long position = 0;
        Record(0);
        return new BlobUpload(
            repository,
            blob,
            push.MountFrom,
            retries,
            count =>
            {
                Interlocked.Add(ref _bytesSent, count);
                Record(position += count);
            },
            (failure, wait) =>
            {
                position = 0;
                layers.Record(push.Tags[0], blob.ShortId, $"{failure.Message} Retrying in {wait.TotalSeconds:0.0} s.");
            }
        );

        void Record(long sent)
        {
            if (isLayer)
            {
                layers.Record(push.Tags[0], blob.ShortId, LayerStatus.Pushing, sent, blob.Size);
            }
        }
    }
}
