using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// A TCP proxy that makes a server seem far away: every byte takes a given time in each direction, as many as there are. It knows
/// nothing of what the bytes mean.
/// </summary>
public sealed class LatencyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ConversationLog> _conversations = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly DnsEndPoint _server;
    private readonly Task _accepting;

    private LatencyProxy(Uri server, TimeSpan latency, bool delaysConnect)
    {
        _server = new DnsEndPoint(server.Host, server.Port);
        Latency = latency;
        DelaysConnect = delaysConnect;
        _listener.Start(backlog: 512);
        Endpoint = new Uri($"{server.Scheme}://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    /// <summary>How long each direction takes; a round trip takes twice that.</summary>
    public TimeSpan Latency { get; }

    /// <summary>
    /// Whether a new connection costs a round trip more. The system accepts connections at once, so the time is added to the first
    /// bytes of the client.
    /// </summary>
    public bool DelaysConnect { get; }

    /// <summary>Where it answers, with the scheme of the server.</summary>
    public Uri Endpoint { get; }

    /// <summary><c>127.0.0.1:port</c>, as it stands in an image reference.</summary>
    public string Host => Endpoint.Authority;

    /// <summary>How many connections were made.</summary>
    public int Connections => _conversations.Count;

    /// <summary>
    /// What went back and forth on each connection: an exchange is all that the client sends at a stretch, up to the first byte that
    /// comes back to it. With <see cref="Exchanges.CountRoundTrips"/> they tell how often the client waited.
    /// </summary>
    public IReadOnlyList<Exchange> Exchanges => [.. _conversations.SelectMany(log => log.Exchanges)];

    /// <summary>Starts a proxy on a free port of the loopback address.</summary>
    /// <param name="server">The scheme, host and port to stand before.</param>
    /// <param name="latency">How long each direction takes.</param>
    /// <param name="delaysConnect"><inheritdoc cref="DelaysConnect" path="/summary"/></param>
    public static LatencyProxy Start(Uri server, TimeSpan latency, bool delaysConnect = false)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new(server, latency, delaysConnect);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var conversation = ConverseAsync(client);
                conversations[conversation] = true;
                _ = conversation.ContinueWith(
                    ended => conversations.TryRemove(ended, out bool _),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations.Keys);
        }
    }

    private async Task ConverseAsync(Socket client)
    {
        var log = new ConversationLog(_started);
        _conversations.Enqueue(log);
        var open = Stopwatch.GetElapsedTime(_started) + (DelaysConnect ? 2 * Latency : TimeSpan.Zero);
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            client.NoDelay = server.NoDelay = true;
            try
            {
                await server.ConnectAsync(_server, _stop.Token);
                await Task.WhenAll(
                    new DelayedFlow(client, server, Latency, _started, open) { Received = log.OnQuestion }.RunAsync(
                        _stop.Token
                    ),
                    new DelayedFlow(server, client, Latency, _started, open) { Sending = log.OnAnswer }.RunAsync(
                        _stop.Token
                    )
                );
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                client.Close(timeout: 0);
            }
        }
    }
}
