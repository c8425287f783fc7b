using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>Stands before a registry and writes down what it is asked.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly HttpMessageInvoker _upstream = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }
    );
    private readonly WebApplication _application;
    private readonly string _registry;

    private RecordingProxy(string registry)
    {
        _registry = registry;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _application = builder.Build();
        _application.Run(ForwardAsync);
    }

    public string Host => new Uri(_application.Urls.First()).Authority;

    /// <summary>Method and path of each request, in their order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<RecordingProxy> StartAsync(string registry)
    {
        var proxy = new RecordingProxy(registry);
        await proxy._application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        _requests.Enqueue($"{request.Method} {request.Path}");
        using var message = new HttpRequestMessage(
            new(request.Method),
            $"http://{_registry}{request.Path.ToUriComponent()}{request.QueryString}"
        );
        if (context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
        {
            message.Content = new StreamContent(request.Body);
        }

        // The host goes along, so that the locations that the registry names lead through here again.
        foreach (var (name, values) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using var answer = await _upstream.SendAsync(message, context.RequestAborted);
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            response.Headers[name] = values.ToArray();
        }

        response.Headers.Remove("Transfer-Encoding");
        if (!HttpMethods.IsHead(request.Method))
        {
            await answer.Content.CopyToAsync(response.Body);
        }
    }
}
