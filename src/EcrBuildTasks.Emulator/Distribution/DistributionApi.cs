using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>The OCI distribution protocol under <c>/v2/</c>, with ECR's peculiarities.</summary>
internal sealed partial class DistributionApi(
    AuthorizationTokens tokens,
    RateLimits limits,
    Authorizer authorizer,
    RegistryStore store,
    ManifestEndpoints manifests,
    BlobEndpoints blobs,
    UploadEndpoints uploads
)
{
    public const string PathPrefix = "/v2";

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        record.Action = "Ping";
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            if (tokens.Recognize(context.Request.Headers.Authorization) is not { } token)
            {
                await ChallengeAsync(context);
                return;
            }

            record.Principal = token.Principal.Caller.Arn;
            if (tokens.IsExpired(token))
            {
                throw new OciError(
                    StatusCodes.Status403Forbidden,
                    "DENIED",
                    "Your authorization token has expired. Reauthenticate and try again."
                );
            }

            await RouteAsync(context, token, record);
        }
        catch (OciError error)
        {
            await error.WriteAsync(context);
        }
        catch (EcrException error)
        {
            await OciError.From(error).WriteAsync(context);
        }
    }

    private Task RouteAsync(HttpContext context, AuthorizationToken token, CallRecord record)
    {
        var path = context.Request.Path.Value!;
        if (path is PathPrefix or PathPrefix + "/")
        {
            return context.Response.WriteAsync("", context.RequestAborted);
        }

        var call = new RegistryCall(context, token, limits, authorizer, store, record);
        if (UploadPath().Match(path) is { Success: true } upload)
        {
            return uploads.AnswerAsync(call.For(upload.Groups["name"].Value), upload.Groups["id"].Value);
        }

        if (BlobPath().Match(path) is { Success: true } blob)
        {
            return blobs.AnswerAsync(call.For(blob.Groups["name"].Value), blob.Groups["digest"].Value);
        }

        if (ManifestPath().Match(path) is { Success: true } manifest)
        {
            return manifests.AnswerAsync(call.For(manifest.Groups["name"].Value), manifest.Groups["reference"].Value);
        }

        return TagsPath().Match(path) is { Success: true } tags
            ? manifests.ListTagsAsync(call.For(tags.Groups["name"].Value))
            : throw new OciError(StatusCodes.Status404NotFound, "UNSUPPORTED", "The operation is unsupported.");
    }

    private static Task ChallengeAsync(HttpContext context)
    {
        var endpoint = $"{context.Request.Scheme}://{context.Request.Host}/";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{endpoint}\",service=\"ecr.amazonaws.com\"";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync("Not Authorized\n", context.RequestAborted);
    }

    [GeneratedRegex("^/v2/(?<name>.+)/blobs/uploads/(?<id>[^/]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UploadPath();

    [GeneratedRegex("^/v2/(?<name>.+)/blobs/(?<digest>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlobPath();

    [GeneratedRegex("^/v2/(?<name>.+)/manifests/(?<reference>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ManifestPath();

    [GeneratedRegex("^/v2/(?<name>.+)/tags/list$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TagsPath();
}
