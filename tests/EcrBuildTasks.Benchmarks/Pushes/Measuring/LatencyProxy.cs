using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>
/// Stands before a registry and delivers each byte later, in either direction. It is no slower for that: what is on the
/// way is bounded by a window far above what a registry on loopback takes. Setting a connection up costs nothing.
/// </summary>
internal sealed class LatencyProxy : IDisposable
{
    private const int PieceLength = 1 << 16;
    private const int Window = 256;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly DnsEndPoint _upstream;
    private readonly TimeSpan _delay;

    public LatencyProxy(string host, TimeSpan delay)
    {
        var address = new Uri($"http://{host}");
        _upstream = new(address.Host, address.Port);
        _delay = delay;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            client.NoDelay = upstream.NoDelay = true;
            await upstream.ConnectAsync(_upstream);
            await Task.WhenAll(DelayAsync(client, upstream), DelayAsync(upstream, client));
        }
    }

    private async Task DelayAsync(Socket from, Socket to)
    {
        var pieces = Channel.CreateBounded<(byte[] Bytes, int Length, long Arrived)>(Window);
        await Task.WhenAll(ReceiveAsync(from, pieces.Writer), SendAsync(pieces.Reader, to));
    }

    private static async Task ReceiveAsync(Socket from, ChannelWriter<(byte[] Bytes, int Length, long Arrived)> pieces)
    {
        try
        {
            while (true)
            {
                var bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(PieceLength);
                var length = await from.ReceiveAsync(bytes);
                if (length == 0)
                {
                    break;
                }

                await pieces.WriteAsync((bytes, length, Stopwatch.GetTimestamp()));
            }
        }
        catch (SocketException)
        {
            // Whoever was cut off tells the other side by the end of what it sends.
        }

        pieces.Complete();
    }

    private async Task SendAsync(ChannelReader<(byte[] Bytes, int Length, long Arrived)> pieces, Socket to)
    {
        var isOpen = true;
        await foreach (var (bytes, length, arrived) in pieces.ReadAllAsync())
        {
            var left = _delay - Stopwatch.GetElapsedTime(arrived);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left);
            }

            try
            {
                for (var sent = 0; isOpen && sent < length; )
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, length - sent));
                }
            }
            catch (SocketException)
            {
                isOpen = false;
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
        }

        if (isOpen)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }
}
