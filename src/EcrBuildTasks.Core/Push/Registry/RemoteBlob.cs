using System.Net;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// A blob that is read from another registry while it is sent on. Nothing is requested before the first read; reading on where the last
/// read ended continues its response.
/// </summary>
/// <param name="open">Requests the blob from an offset on.</param>
internal sealed class RemoteBlob(
    long size,
    Func<long, CancellationToken, Task<RegistryAnswer>> open,
    Func<string, Exception, PushException> unreadable,
    Retries retries,
    PushTiming timing
) : BlobContent
{
    // A blob that several uploads share is read by one at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private HttpResponseMessage? _response;
    private long _position;

    public override long Length => size;

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        long offset,
        CancellationToken cancellationToken
    )
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, size - offset)];
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var filled = 0; filled < wanted.Length; )
            {
                filled += await retries.RunAsync(
                    cancellation => ReadOnceAsync(wanted[filled..], offset + filled, cancellation),
                    cancellationToken
                );
            }

            return wanted.Length;
        }
        catch (PushException failure)
        {
            throw unreadable(failure.Message, failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        Close();
        _turn.Dispose();
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        if (_response is null || _position != offset)
        {
            Close();
            var answer = await open(offset, cancellationToken);
            _response = answer.Opened!;
            _position = answer.Status is HttpStatusCode.PartialContent ? offset : 0;
        }

        using var patience = new Patience(timing.Stall, cancellationToken);
        try
        {
            var content = await _response.Content.ReadAsStreamAsync(cancellationToken);
            while (true)
            {
                patience.Restart(timing.Stall);
                var isSkipped = _position < offset;
                var next = isSkipped ? buffer[..(int)Math.Min(buffer.Length, offset - _position)] : buffer;
                var read = await content.ReadAsync(next, patience.Token);
                if (read == 0)
                {
                    throw new IOException($"the response ended after {_position} of {size} bytes");
                }

                _position += read;
                if (!isSkipped)
                {
                    return read;
                }
            }
        }
        catch (Exception failure)
        {
            Close();
            cancellationToken.ThrowIfCancellationRequested();
            throw patience.IsOver ? Transient($"no data was transferred for {patience.Wait.TotalSeconds:0.#} s")
            : failure is IOException or HttpRequestException ? Transient(failure.GetBaseException().Message)
            : failure;

            TransientFailure Transient(string why) =>
                new(new PushException(EcrCode.RegistryUnreachable, why, why, innerException: failure));
        }
    }

    private void Close()
    {
        _response?.Dispose();
        _response = null;
    }
}
