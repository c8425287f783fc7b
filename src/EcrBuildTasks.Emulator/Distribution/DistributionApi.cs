using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>The OCI distribution protocol under <c>/v2/</c>, with ECR's peculiarities.</summary>
internal sealed partial class DistributionApi(
    AuthorizationTokens tokens,
    RateLimits limits,
    PublicRegistryAccess publicRegistries,
    Authorizer authorizer,
    RegistryStore store,
    CreatedOnDemand createdOnDemand,
    ManifestEndpoints manifests,
    BlobEndpoints blobs,
    UploadEndpoints uploads
)
{
    public const string PathPrefix = "/v2";

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        record.Action = context.Request.Path.Value is PathPrefix or PathPrefix + "/" ? "Ping" : "Unsupported";
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            if (publicRegistries.IsMeantBy(context))
            {
                if (publicRegistries.Authenticate(context, record) is { } ofAnybody)
                {
                    await RouteAsync(ofAnybody);
                }
                else
                {
                    await PublicRegistryAccess.ChallengeAsync(context);
                }

                return;
            }

            if (tokens.Recognize(context.Request.Headers.Authorization, "Basic", isPublic: false) is not { } token)
            {
                await ChallengeAsync(context);
                return;
            }

            record.Principal = token.Principal.Caller.Arn;
            if (tokens.IsExpired(token))
            {
                throw OciError.ExpiredToken();
            }

            var (account, region) = RegistryOf(context, token);
            await RouteAsync(
                new(
                    context,
                    token.Principal,
                    name => new(account, region, name),
                    limits,
                    authorizer,
                    store,
                    createdOnDemand,
                    record
                )
            );
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

    private Task RouteAsync(RegistryCall call)
    {
        var context = call.Context;
        var path = context.Request.Path.Value!;
        if (path is PathPrefix or PathPrefix + "/")
        {
            return context.Response.WriteAsync("", context.RequestAborted);
        }

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

        if (ReferrersPath().Match(path) is { Success: true } referrers)
        {
            return manifests.ListReferrersAsync(
                call.For(referrers.Groups["name"].Value),
                referrers.Groups["digest"].Value
            );
        }

        return TagsPath().Match(path) is { Success: true } tags
            ? manifests.ListTagsAsync(call.For(tags.Groups["name"].Value))
            : throw new OciError(StatusCodes.Status404NotFound, "UNSUPPORTED", "The operation is unsupported.");
    }

    /// <summary>A host that names a registry decides; any other, such as 127.0.0.1, leaves it to the token.</summary>
    private static (string Account, string Region) RegistryOf(HttpContext context, AuthorizationToken token)
    {
        var host = RegistryHost().Match(context.Request.Host.Host);
        var region = host.Success ? host.Groups["region"].Value : token.Region;
        return region == token.Region
            ? (host.Success ? host.Groups["account"].Value : token.Account, region)
            : throw new OciError(
                StatusCodes.Status403Forbidden,
                "DENIED",
                $"The authorization token is not valid in region {region}"
            );
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

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex RegistryHost();

    [GeneratedRegex("^/v2/(?<name>.+)/blobs/uploads/(?<id>[^/]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UploadPath();

    [GeneratedRegex("^/v2/(?<name>.+)/blobs/(?<digest>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlobPath();

    [GeneratedRegex("^/v2/(?<name>.+)/manifests/(?<reference>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ManifestPath();

    [GeneratedRegex("^/v2/(?<name>.+)/referrers/(?<digest>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReferrersPath();

    [GeneratedRegex("^/v2/(?<name>.+)/tags/list$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TagsPath();
}
