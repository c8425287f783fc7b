using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>Sends a blob from an offset to its end.</summary>
internal sealed class BlobBody : HttpContent
{
    public const int BufferSize = 1 << 20;

    private readonly BlobContent _content;
    private readonly long _offset;
    private readonly Action _read;
    private readonly Action<int> _sent;

    /// <param name="content">The blob's bytes.</param>
    /// <param name="offset">The first byte to send.</param>
    /// <param name="read">Called before each read, which may take its time: the content may come from far away.</param>
    /// <param name="sent">Receives the number of bytes sent by each write.</param>
    public BlobBody(BlobContent content, long offset, Action read, Action<int> sent)
    {
        (_content, _offset, _read, _sent) = (content, offset, read, sent);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (offset > 0)
        {
            // The specification has no unit here: `<start>-<end>`.
            Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{content.Length - 1}");
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Length - _offset;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var position = _offset; position < _content.Length; )
            {
                _read();
                var read = await _content.ReadAsync(buffer.AsMemory(0, BufferSize), position, cancellationToken);
                _sent(0);
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                position += read;
                _sent(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
