using System.Net;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The upload of one blob. A small one is sent in the request that completes the upload, which saves a round trip. A large one is
/// sent before that by PATCH, as is one whose first attempt failed: that can resume from the byte that the registry has, if the
/// registry keeps partial uploads; otherwise it starts over.
/// </summary>
internal sealed class BlobUpload(
    RemoteRepository repository,
    Blob blob,
    string? mountFrom,
    Retries retries,
    Action<int> sent,
    Action<TransientFailure, TimeSpan> failed
)
{
    private Uri? _upload;
    private long _offset;
    private bool _isBroken;
    private bool _isCompleting;
    private bool _mayResume = true;
    private bool _hasResumed;

    /// <param name="opened">An upload that is open already.</param>
    /// <returns>Whether the blob was sent, mounted or there after all.</returns>
    /// <exception cref="PushException">The blob is not in the repository.</exception>
    public async Task<LayerStatus> RunAsync(Uri? opened, CancellationToken cancellationToken)
    {
        _upload = opened;
        while (true)
        {
            var kept = _offset;
            try
            {
                return await retries.RunAsync(GoOnAsync, cancellationToken, failed);
            }
            // A long upload over a bad line may break often, as long as it gets on.
            catch (PushException failure)
                when (failure.Code == EcrCode.RegistryUnreachable && _offset > kept && _offset < blob.Size) { }
        }
    }

    private async Task<LayerStatus> GoOnAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isBroken && await FindPlaceAsync(cancellationToken))
            {
                return LayerStatus.Pushed;
            }

            if (_upload is null && mountFrom is not null && !_isBroken)
            {
                _upload = await repository.MountAsync(blob.Digest, mountFrom, cancellationToken);
                if (_upload is null)
                {
                    return LayerStatus.Mounted;
                }
            }

            _upload ??= await repository.OpenUploadAsync(cancellationToken);
            if (!_isBroken && repository.TakesWhole(blob))
            {
                _isCompleting = true;
                if (await SendWholeAsync(_upload, cancellationToken))
                {
                    return LayerStatus.Pushed;
                }

                _isCompleting = false;
                _upload = await repository.OpenUploadAsync(cancellationToken);
            }

            if (_offset < blob.Size || blob.Size == 0)
            {
                _upload = await SendAsync(_upload, cancellationToken);
                _offset = blob.Size;
            }

            _isCompleting = true;
            await CompleteAsync(_upload, cancellationToken);
            return LayerStatus.Pushed;
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>Finds where to go on after a failure.</summary>
    /// <returns>Whether the registry has the blob: only the answer was lost.</returns>
    private async Task<bool> FindPlaceAsync(CancellationToken cancellationToken)
    {
        if (_isCompleting && await repository.HasBlobAsync(blob, cancellationToken))
        {
            return true;
        }

        _isCompleting = false;
        var offset =
            _upload is not null && _mayResume ? await repository.FindOffsetAsync(_upload, cancellationToken) : null;
        if (offset > 0 && offset <= blob.Size)
        {
            _offset = offset.Value;
            _hasResumed = true;
        }
        else
        {
            BeginAnew();
        }

        return false;
    }

    /// <returns>False if the registry does not accept the content in the request that completes an upload.</returns>
    private async Task<bool> SendWholeAsync(Uri upload, CancellationToken cancellationToken)
    {
        var answer = await repository.CompleteUploadAsync(upload, blob, sent, cancellationToken);
        if (answer.IsSuccess)
        {
            return true;
        }

        var refused = Refusal.FromAnswer(answer);
        if (
            answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || refused.Code == EcrCode.RepositoryMissing
        )
        {
            throw refused;
        }

        if (answer.Status is HttpStatusCode.BadRequest)
        {
            await RequireDigestAsync(cancellationToken);
        }

        // A registry that ignores the content reports the digest of nothing, so any other refusal can mean that.
        repository.RefusesWholeBlobs = true;
        return false;
    }

    private async Task<Uri> SendAsync(Uri upload, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.SendBlobAsync(upload, blob, _offset, sent, cancellationToken);
        }
        catch (PushException failure)
            when (_hasResumed && failure.Code != EcrCode.ArchiveInvalid && failure.Code != EcrCode.BaseImageUnreadable)
        {
            // The registry does not take what it asked for.
            _mayResume = false;
            throw new TransientFailure(failure);
        }
    }

    private async Task CompleteAsync(Uri upload, CancellationToken cancellationToken)
    {
        var answer = await repository.CompleteUploadAsync(upload, blob, sent: null, cancellationToken);
        if (answer.IsSuccess)
        {
            return;
        }

        var refused = Refusal.FromAnswer(answer);
        var isUnknownUpload = answer.Status is HttpStatusCode.NotFound && refused.Code != EcrCode.RepositoryMissing;
        if (isUnknownUpload || _hasResumed)
        {
            _mayResume = false;
            throw new TransientFailure(refused);
        }

        if (answer.Status is HttpStatusCode.BadRequest)
        {
            await RequireDigestAsync(cancellationToken);
            _mayResume = false;
            throw new TransientFailure(refused);
        }

        throw refused;
    }

    /// <summary>Checks whether a wrong digest comes from the source, which a retry cannot fix, or from the transfer.</summary>
    private async Task RequireDigestAsync(CancellationToken cancellationToken)
    {
        var actual = await Digest.ComputeAsync(blob.Content, cancellationToken);
        if (actual != blob.Digest)
        {
            throw new PushException(
                EcrCode.ArchiveInvalid,
                $"Layer {blob.Digest} of the image is damaged: the digest of its content is {actual}. Build the image again."
            );
        }
    }

    private void BeginAnew()
    {
        _upload = null;
        _offset = 0;
        _hasResumed = false;
    }
}
