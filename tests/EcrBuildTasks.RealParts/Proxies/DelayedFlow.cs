using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EcrBuildTasks.RealParts;

/// <summary>Carries the bytes of one direction, each of which arrives a given time after it left.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="target">Where they go; at the end of the source it gets its end, at its break a reset.</param>
/// <param name="latency">How long they take.</param>
/// <param name="started">The timestamp that times are counted from.</param>
/// <param name="open">The time before which nothing leaves.</param>
internal sealed class DelayedFlow(Socket source, Socket target, TimeSpan latency, long started, TimeSpan open)
{
    private const int ChunkSize = 1 << 17;

    // 64 MB on the way: at 50 ms more than a gigabyte a second. What the target does not take must not fill the memory.
    private const int ChunksOnTheWay = 512;

    private readonly Channel<Chunk> _way = Channel.CreateBounded<Chunk>(
        new BoundedChannelOptions(ChunksOnTheWay) { SingleReader = true, SingleWriter = true }
    );

    /// <summary>Called when bytes have left the source.</summary>
    public Action Received { get; init; } = () => { };

    /// <summary>Called before bytes reach the target.</summary>
    public Action Sending { get; init; } = () => { };

    /// <exception cref="SocketException">One of the two broke.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(ReceiveAsync(cancellationToken), SendAsync(cancellationToken));

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
                var count = await source.ReceiveAsync(buffer, cancellationToken);
                if (count == 0)
                {
                    _way.Writer.Complete();
                    return;
                }

                Received();
                var left = Stopwatch.GetElapsedTime(started);
                await _way.Writer.WriteAsync(
                    new(buffer, count, (left > open ? left : open) + latency),
                    cancellationToken
                );
            }
        }
        catch (Exception e)
            when (e
                    is SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or ChannelClosedException
            )
        {
            _way.Writer.TryComplete(e);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var chunk in _way.Reader.ReadAllAsync(cancellationToken))
            {
                var early = chunk.Due - Stopwatch.GetElapsedTime(started);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, cancellationToken);
                }

                Sending();
                for (var sent = 0; sent < chunk.Count; )
                {
                    sent += await target.SendAsync(chunk.Buffer.AsMemory(sent, chunk.Count - sent), cancellationToken);
                }

                ArrayPool<byte>.Shared.Return(chunk.Buffer);
            }

            target.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Wakes up the other direction too; what it still held is lost, as in a reset.
            _way.Writer.TryComplete();
            source.Close(timeout: 0);
            target.Close(timeout: 0);
            throw;
        }
    }

    private readonly record struct Chunk(byte[] Buffer, int Count, TimeSpan Due);
}
