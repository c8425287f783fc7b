using Microsoft.AspNetCore.Http.Features;

namespace EcrBuildTasks.Emulator.Signing;

/// <summary>A request of the query or JSON protocol, its body read.</summary>
internal sealed record SignedRequest(
    string Method,
    string RawPath,
    string RawQuery,
    IHeaderDictionary Headers,
    byte[] Body
)
{
    // UploadLayerPart's 20,971,520 bytes in base64, with room for the rest.
    private const int MaximumBodySize = 32 * 1024 * 1024;

    public static async Task<SignedRequest> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > MaximumBodySize)
        {
            throw new BadHttpRequestException("Request too large", StatusCodes.Status413PayloadTooLarge);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        return new(request.Method, target[0], target.ElementAtOrDefault(1) ?? "", request.Headers, body.ToArray());
    }
}
