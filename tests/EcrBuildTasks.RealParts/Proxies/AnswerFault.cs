using EcrBuildTasks.Emulator.Faults;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.RealParts;

/// <summary>Answers in place of the server, as the login page of a proxy does, and carries nothing out.</summary>
public sealed record AnswerFault(string Step, int Status, string Body = "", string? ContentType = null) : Fault(Step)
{
    /// <summary>One more header.</summary>
    public (string Name, string Value)? Header { get; init; }

    internal override async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        if (Header is var (name, value))
        {
            context.Response.Headers[name] = value;
        }

        if (Body.Length > 0)
        {
            // For HEAD the server sends its length only.
            await context.Response.WriteAsync(Body, context.RequestAborted);
        }
    }
}
