using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>A TCP proxy that counts bytes and can make a server seem far away, over a line that all connections share.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly TimeSpan _latency;
    private readonly Direction _toServer;
    private readonly Direction _toClient;
    private readonly Task _accepting;

    /// <param name="server">The server, over plain HTTP.</param>
    /// <param name="latency">How long each direction takes; a new connection costs a round trip more.</param>
    /// <param name="bytesPerSecond">What each direction carries.</param>
    public CountingProxy(Uri server, TimeSpan latency, double bytesPerSecond)
    {
        (_server, _latency) = (server, latency);
        (_toServer, _toClient) = (new(bytesPerSecond), new(bytesPerSecond));
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    /// <summary>A name to which the .NET SDK talks over plain HTTP.</summary>
    public string Host => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public long BytesToServer => _toServer.Bytes;

    public long BytesToClient => _toClient.Bytes;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(ConverseAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(Socket client)
    {
        var open = Stopwatch.GetTimestamp() + Ticks(2 * _latency);
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            client.NoDelay = server.NoDelay = true;
            try
            {
                // The SDK tries TLS first; that it is not spoken here must cost it no round trip.
                var first = new byte[1];
                if (await client.ReceiveAsync(first, SocketFlags.Peek, _stop.Token) == 1 && first[0] != TlsHandshake)
                {
                    await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
                    await Task.WhenAll(
                        CarryAsync(client, server, _toServer, open),
                        CarryAsync(server, client, _toClient, open)
                    );
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                client.Close(timeout: 0);
            }
        }
    }

    private async Task CarryAsync(Socket source, Socket target, Direction direction, long open)
    {
        var way = Channel.CreateBounded<(byte[] Bytes, int Count, long Due)>(256);
        await Task.WhenAll(ReceiveAsync(), SendAsync());

        async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var bytes = new byte[1 << 15];
                    var count = await source.ReceiveAsync(bytes, _stop.Token);
                    if (count == 0)
                    {
                        break;
                    }

                    var left = direction.Take(count, open);
                    await WaitUntilAsync(left);
                    await way.Writer.WriteAsync((bytes, count, left + Ticks(_latency)), _stop.Token);
                }

                way.Writer.Complete();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                way.Writer.TryComplete(e);
            }
        }

        async Task SendAsync()
        {
            try
            {
                await foreach (var (bytes, count, due) in way.Reader.ReadAllAsync(_stop.Token))
                {
                    await WaitUntilAsync(due);
                    for (var sent = 0; sent < count; )
                    {
                        sent += await target.SendAsync(bytes.AsMemory(sent, count - sent), _stop.Token);
                    }
                }

                target.Shutdown(SocketShutdown.Send);
            }
            catch
            {
                // Wakes up the other direction too.
                source.Close(timeout: 0);
                target.Close(timeout: 0);
                throw;
            }
        }
    }

    private async Task WaitUntilAsync(long timestamp)
    {
        var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, _stop.Token);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private sealed class Direction(double bytesPerSecond)
    {
        private readonly Lock _gate = new();
        private long _free;
        private long _bytes;

        public long Bytes => Interlocked.Read(ref _bytes);

        /// <returns>When that many bytes have left, after those before them and not before the connection is open.</returns>
        public long Take(int count, long open)
        {
            Interlocked.Add(ref _bytes, count);
            lock (_gate)
            {
                var start = Math.Max(Stopwatch.GetTimestamp(), open);
                return _free = Math.Max(start, _free) + (long)(count / bytesPerSecond * Stopwatch.Frequency);
            }
        }
    }
}
