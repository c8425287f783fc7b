using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Writes refusals in the shape of the protocol that the request is of.</summary>
internal static class RefusalAnswer
{
    public static bool IsOfRegistry(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal);

    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The error's code in the registry protocol.</param>
    /// <param name="apiCode">The error's code in the API of ECR and STS.</param>
    /// <param name="message">The message.</param>
    public static Task WriteAsync(HttpContext context, int status, string code, string apiCode, string message) =>
        IsOfRegistry(context)
            ? WriteAsync(
                context,
                status,
                "application/json; charset=utf-8",
                JsonSerializer.Serialize(new { errors = new[] { new { code, message } } })
            )
        : context.Request.Headers.ContainsKey("X-Amz-Target")
            ? WriteAsync(
                context,
                status,
                "application/x-amz-json-1.1",
                JsonSerializer.Serialize(new { __type = apiCode, message })
            )
        : WriteAsync(
            context,
            status,
            "text/xml",
            new XElement(
                "ErrorResponse",
                new XElement("Error", new XElement("Code", apiCode), new XElement("Message", message))
            ).ToString()
        );

    public static Task WritePageAsync(HttpContext context, int status)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrases.GetReasonPhrase(status)}");
        return WriteAsync(
            context,
            status,
            "text/html",
            $"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
    }

    private static async Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body, context.RequestAborted);
        }

        // In the middle of a body there is no other end to the answer.
        await context.Response.CompleteAsync();
    }
}
