using System.Collections.Concurrent;
using EcrBuildTasks.Images;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>A Docker Engine that holds one image and reports each push as successful.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeEngine(WebApplication app, string image)
    {
        _app = app;
        app.Run(context => AnswerAsync(context, image));
    }

    /// <summary>In the form of <c>DOCKER_HOST</c>.</summary>
    public string Address => _app.Urls.First().Replace("http:", "tcp:", StringComparison.Ordinal);

    /// <summary>How it answers a push.</summary>
    public string PushAnswer { get; init; } =
        $$$"""{"aux":{"Tag":"t","Digest":"sha256:{{{new string('a', 64)}}}","Size":7}}""";

    /// <summary>What it was told to push, <c>host/repository:tag</c>.</summary>
    public ConcurrentQueue<string> Pushed { get; } = [];

    public static async Task<FakeEngine> StartAsync(string image, string? pushAnswer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var engine = pushAnswer is null
            ? new FakeEngine(app, image)
            : new FakeEngine(app, image) { PushAnswer = pushAnswer };
        await engine._app.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string image)
    {
        // The version of the API may stand first, and a name has slashes.
        var path = context.Request.Path.Value!;
        var name = path[(path.IndexOf("/images/", StringComparison.Ordinal) is >= 0 and var at ? at + 8 : 0)..];
        var (status, answer) = (StatusCodes.Status200OK, "{}");
        if (path.EndsWith("/push", StringComparison.Ordinal))
        {
            Pushed.Enqueue($"{name[..^"/push".Length]}:{context.Request.Query["tag"]}");
            answer = PushAnswer + "\n";
        }
        else if (path.EndsWith("/tag", StringComparison.Ordinal))
        {
            (status, answer) = (StatusCodes.Status201Created, "");
        }
        else if (path.EndsWith("/json", StringComparison.Ordinal))
        {
            (status, answer) =
                name[..^"/json".Length] == image
                    ? (status, $$"""{"Id":"sha256:{{new string('b', 64)}}","Size":7,"RepoTags":["{{image}}"]}""")
                    : (StatusCodes.Status404NotFound, """{"message":"No such image"}""");
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer);
    }
}
