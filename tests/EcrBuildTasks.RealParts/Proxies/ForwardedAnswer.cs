using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.RealParts;

/// <summary>An answer as a proxy passes it back.</summary>
internal static class ForwardedAnswer
{
    public static async Task WriteAsync(HttpResponseMessage answer, HttpContext context, Uri server)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (name is not ("Connection" or "Keep-Alive" or "Transfer-Encoding"))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        if (
            Uri.TryCreate(response.Headers.Location, UriKind.Absolute, out var location)
            && location.Authority == server.Authority
        )
        {
            response.Headers.Location =
                $"{context.Request.Scheme}://{context.Request.Host}{location.PathAndQuery}{location.Fragment}";
        }

        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            await body.CopyToAsync(response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Cut short by the server, so cut short by the proxy.
            context.Abort();
        }
    }
}
