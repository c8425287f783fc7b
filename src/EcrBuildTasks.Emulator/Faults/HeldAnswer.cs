using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Keeps an answer from the client: its body goes elsewhere, its headers stay unsent.</summary>
internal sealed class HeldAnswer(Stream body) : IHttpResponseBodyFeature
{
    public Stream Stream => body;

    public PipeWriter Writer => field ??= PipeWriter.Create(body, new StreamPipeWriterOptions(leaveOpen: true));

    public static async Task RunAsync(HttpContext context, Stream body, RequestDelegate next)
    {
        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var held = new HeldAnswer(body);
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await next(context);
            await held.CompleteAsync();
        }
        finally
        {
            context.Features.Set(real);
        }
    }

    public void DisableBuffering() { }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task CompleteAsync() => await Writer.FlushAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);
}
