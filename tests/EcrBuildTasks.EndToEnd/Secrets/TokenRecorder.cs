using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcrBuildTasks.EndToEnd.Secrets;

/// <summary>Stands between a build and AWS, and remembers the passwords that pass by.</summary>
internal sealed class TokenRecorder : IAsyncDisposable
{
    private readonly ConcurrentBag<string> passwords = [];
    private readonly HttpClient aws;
    private readonly WebApplication server;

    private TokenRecorder(Uri emulator)
    {
        aws = new() { BaseAddress = emulator };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(PassAsync);
    }

    /// <summary>The value for <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Endpoint => new(server.Urls.Single());

    /// <summary>Each password, and the token that holds it.</summary>
    public IReadOnlyList<string> Passwords => [.. passwords];

    public static async Task<TokenRecorder> StartAsync(Uri emulator)
    {
        var recorder = new TokenRecorder(emulator);
        await recorder.server.StartAsync();
        return recorder;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        aws.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(
            new(context.Request.Method),
            context.Request.Path + context.Request.QueryString
        )
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        // The signature covers the headers, the host among them.
        foreach (var header in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        using var answer = await aws.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        Remember(content);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        context.Response.Headers.Remove("Transfer-Encoding");
        await context.Response.Body.WriteAsync(content);
    }

    private void Remember(byte[] answer)
    {
        if (!Encoding.UTF8.GetString(answer).Contains("authorizationToken", StringComparison.Ordinal))
        {
            return;
        }

        using var document = JsonDocument.Parse(answer);
        foreach (var data in document.RootElement.GetProperty("authorizationData").EnumerateArray())
        {
            var token = data.GetProperty("authorizationToken");
            passwords.Add(token.GetString()!);
            passwords.Add(Encoding.UTF8.GetString(token.GetBytesFromBase64()).Split(':', 2)[1]);
        }
    }
}
