using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// Ends TLS before a server that speaks plain HTTP, with a certificate of an authority that no machine knows: as the server
/// itself, and as a proxy that opens TLS, for those who ask it to CONNECT them to whatever host.
/// </summary>
public sealed class TlsFront : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly ConcurrentQueue<string> _connected = new();
    private readonly Task _accepting;

    /// <param name="server">The server behind.</param>
    /// <param name="names">The host names to answer for, besides <c>localhost</c>; may begin with <c>*.</c>.</param>
    public TlsFront(Uri server, params IReadOnlyList<string> names)
    {
        _server = server;
        Authority = new TlsAuthority(["localhost", .. names]);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary><c>localhost:port</c>.</summary>
    public string Host => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The hosts to which somebody asked to be connected, in order.</summary>
    public IReadOnlyCollection<string> Connected => _connected;

    /// <summary>Who has issued the certificate.</summary>
    public TlsAuthority Authority { get; }

    /// <summary>The authority's certificate as a PEM file.</summary>
    public string BundlePath => Authority.BundlePath;

    /// <summary>Whether to serve only clients with a certificate.</summary>
    public bool RequiresClientCertificate { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        Authority.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception stopped)
            when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (var stream = client.GetStream())
            {
                if (await IsProxyRequestAsync(client.Client))
                {
                    await TakeConnectAsync(stream);
                }

                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = Authority.Certificate,
                        ClientCertificateRequired = RequiresClientCertificate,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                            certificate is not null || !RequiresClientCertificate,
                    },
                    _stop.Token
                );
                using var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
                await using var plain = server.GetStream();
                await Task.WhenAny(tls.CopyToAsync(plain, _stop.Token), plain.CopyToAsync(tls, _stop.Token));
            }
        }
        catch (Exception gone)
            when (gone is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            // The client did not like the certificate, or the test is over.
        }
    }

    private async Task<bool> IsProxyRequestAsync(Socket client)
    {
        var first = new byte[1];
        await client.ReceiveAsync(first, SocketFlags.Peek, _stop.Token);
        return first[0] != TlsHandshake;
    }

    private async Task TakeConnectAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(next, _stop.Token);
            head.Append((char)next[0]);
        }

        if (!head.ToString().StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            throw new IOException($"No request of a proxy for TLS: {head}");
        }

        _connected.Enqueue(head.ToString().Split(' ', ':')[1]);

        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
    }
}
