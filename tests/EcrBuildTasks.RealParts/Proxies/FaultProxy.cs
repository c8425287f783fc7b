using System.Net;
using EcrBuildTasks.Emulator.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// An HTTP proxy before a server, such as a real registry, that makes things go wrong and writes down what was asked. Bodies
/// stream through it both ways.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestLog _log = new();
    private readonly HttpMessageInvoker _upstream = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        }
    );

    private FaultProxy(Uri server, FaultPlan faults)
    {
        Server = server;
        Faults = faults;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseFaults(faults));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        // A stalled request is not waited for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.Use((context, next) => _log.RecordAsync(context, next));
        _app.UseFaults(faults);
        _app.Run(ForwardAsync);
    }

    /// <summary>What it stands before.</summary>
    public Uri Server { get; }

    /// <summary>Where it answers, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary><c>127.0.0.1:port</c>, as it stands in an image reference.</summary>
    public string Host => Endpoint.Authority;

    /// <summary>What goes wrong; may change at any time.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The requests so far, in the order in which they came, those that faults answered included.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => _log.Requests;

    /// <summary>Starts a proxy on a free port of the loopback address.</summary>
    /// <param name="server">The scheme, host and port to stand before.</param>
    /// <param name="faults">What goes wrong; nothing at first unless given.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<FaultProxy> StartAsync(
        Uri server,
        FaultPlan? faults = null,
        CancellationToken cancellationToken = default
    )
    {
        var proxy = new FaultProxy(server, faults ?? new FaultPlan());
        await proxy._app.StartAsync(cancellationToken);
        proxy.Endpoint = new Uri(proxy._app.Urls.Single());
        return proxy;
    }

    /// <summary>Forgets the <see cref="Requests"/> so far.</summary>
    public void ClearRequests() => _log.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = ForwardedRequest.Of(context.Request, Server);
        HttpResponseMessage answer;
        try
        {
            answer = await _upstream.SendAsync(request, context.RequestAborted);
        }
        catch (HttpRequestException e) when (e.GetBaseException() is not InterruptedBodyException)
        {
            // The server broke off, and so does the proxy; nothing of its own gets into the answers.
            ClientConnection.Reset(context);
            return;
        }

        using (answer)
        {
            await ForwardedAnswer.WriteAsync(answer, context, Server);
        }
    }
}
