using System.Collections.Concurrent;
using System.Diagnostics;
using EcrBuildTasks.Core.Tests.Aws;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>One call that went through: when it came in, and when its answer had gone out.</summary>
internal sealed record Exchange(string Operation, TimeSpan Start, TimeSpan End);

/// <summary>Stands before the emulator: adds latency to each direction, and answers some operations with a fault.</summary>
internal sealed class AwsFront : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient upstream = new();
    private readonly ConcurrentQueue<Exchange> exchanges = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();

    private AwsFront(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single());

    /// <summary>What every byte waits on its way in, and again on its way out.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The operations that fail, with their answers; <see langword="null"/> swallows the request.</summary>
    public IReadOnlyDictionary<string, StubAnswer?> Faults { get; init; } = new Dictionary<string, StubAnswer?>();

    public IReadOnlyList<Exchange> Exchanges => [.. exchanges];

    /// <summary>The longest row of calls each of which began only after the answer to the one before.</summary>
    public int RoundTrips
    {
        get
        {
            var depths = new List<(TimeSpan End, int Depth)>();
            foreach (var exchange in exchanges.OrderBy(exchange => exchange.Start))
            {
                var before = depths.Where(earlier => earlier.End <= exchange.Start).Select(earlier => earlier.Depth);
                depths.Add((exchange.End, 1 + before.DefaultIfEmpty().Max()));
            }

            return depths.Max(exchange => exchange.Depth);
        }
    }

    public static async Task<AwsFront> StartAsync(
        Uri emulator,
        TimeSpan latency = default,
        IReadOnlyDictionary<string, StubAnswer?>? faults = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        var front = new AwsFront(builder.Build())
        {
            Latency = latency,
            Faults = faults ?? new Dictionary<string, StubAnswer?>(),
        };
        front.app.Urls.Add("http://127.0.0.1:0");
        front.app.Run(context => front.PassAsync(context, emulator));
        await front.app.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        upstream.Dispose();
    }

    private async Task PassAsync(HttpContext context, Uri emulator)
    {
        var start = clock.Elapsed;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var operation = OperationOf(context.Request, body);
        await Task.Delay(Latency, context.RequestAborted);
        if (Faults.TryGetValue(operation, out var fault))
        {
            await FailAsync(context, fault);
        }
        else
        {
            await ForwardAsync(context, body.ToArray(), emulator);
        }

        exchanges.Enqueue(new(operation, start, clock.Elapsed));
    }

    private static string OperationOf(HttpRequest request, MemoryStream body) =>
        request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target
            ? target.Split('.')[^1]
            : System
                .Text.Encoding.UTF8.GetString(body.ToArray())
                .Split('&')
                .FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))
                ?.Split('=')[1]
                ?? "";

    private static async Task FailAsync(HttpContext context, StubAnswer? fault)
    {
        if (fault is null)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = fault.ContentType;
        await context.Response.WriteAsync(fault.Body, context.RequestAborted);
    }

    private async Task ForwardAsync(HttpContext context, byte[] body, Uri emulator)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(emulator, context.Request.Path.ToString())
        )
        {
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        using var answer = await upstream.SendAsync(request, context.RequestAborted);
        var answered = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        await Task.Delay(Latency, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = answered.Length;
        await context.Response.Body.WriteAsync(answered, context.RequestAborted);
        await context.Response.CompleteAsync();
    }
}
