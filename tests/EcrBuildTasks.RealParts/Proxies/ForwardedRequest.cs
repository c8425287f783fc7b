using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace EcrBuildTasks.RealParts;

/// <summary>A request as a proxy passes it on: with the client's own Host, which signatures cover and servers build addresses of.</summary>
internal static class ForwardedRequest
{
    public static HttpRequestMessage Of(HttpRequest received, Uri server)
    {
        var target = UriHelper.BuildAbsolute(
            server.Scheme,
            new HostString(server.Authority),
            path: received.Path,
            query: received.QueryString
        );
        var request = new HttpRequestMessage(new HttpMethod(received.Method), target)
        {
            Version = HttpVersion.Version11,
        };
        if (received.ContentLength is not null || received.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamingContent(received.Body, received.ContentLength);
        }

        foreach (var (name, values) in received.Headers)
        {
            // What concerns one connection only. Its Expect the server of the proxy has answered already.
            if (name is "Connection" or "Keep-Alive" or "Transfer-Encoding" or "Expect")
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private sealed class StreamingContent(Stream body, long? length) : HttpContent
    {
        private const int BufferSize = 1 << 18;

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await body.CopyToAsync(stream, BufferSize, cancellationToken);
            // Else the last of a body that is then broken off would not leave before the break.
            await stream.FlushAsync(cancellationToken);
        }
    }
}
