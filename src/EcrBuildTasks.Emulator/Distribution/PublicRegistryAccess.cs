using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>
/// How ECR Public is logged in to: its registry takes tokens of its own token service only, which gives one to anybody, for
/// pulls, and for the password of <c>GetAuthorizationToken</c> one that pushes.
/// </summary>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/</remarks>
internal sealed class PublicRegistryAccess(
    PublicRegistryDirectory registries,
    AuthorizationTokens tokens,
    RateLimits limits,
    Authorizer authorizer,
    RegistryStore store
)
{
    /// <summary>The path of the token service.</summary>
    public const string TokenPath = "/token/";

    private const string AnybodysToken = "anybody";

    public bool IsMeantBy(HttpContext context) => registries.AreMeantBy(context);

    /// <summary>A call with a token of the token service.</summary>
    /// <returns><see langword="null"/> when there is none, and one has to be asked for.</returns>
    /// <exception cref="OciError">The authorization is none that ECR Public takes.</exception>
    public RegistryCall? Authenticate(HttpContext context, CallRecord record)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return null;
        }

        var token =
            header == $"Bearer {AnybodysToken}"
                ? null
                : Known(tokens.Recognize(header, "Bearer", isPublic: true), StatusCodes.Status400BadRequest);
        record.Principal = token?.Principal.Caller.Arn;
        return new(
            context,
            token?.Principal,
            registries.Locate,
            limits,
            authorizer,
            store,
            createdOnDemand: null,
            record
        );
    }

    /// <summary>Refers a caller without a token to the token service.</summary>
    public static async Task ChallengeAsync(HttpContext context)
    {
        var service = $"{context.Request.Scheme}://{context.Request.Host}{TokenPath}";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"{service}\",service=\"{PublicRegistryDirectory.Host}\",scope=\"aws\"";
        await new OciError(StatusCodes.Status401Unauthorized, "DENIED", "Not Authorized").WriteAsync(context);
    }

    /// <summary>The token service.</summary>
    public async Task GiveTokenAsync(HttpContext context, CallRecord record)
    {
        (record.Service, record.Action) = ("registry", "Token");
        try
        {
            var header = context.Request.Headers.Authorization.ToString();
            var password =
                header.Length == 0
                    ? null
                    : Known(tokens.Recognize(header, "Basic", isPublic: true), StatusCodes.Status403Forbidden);
            record.Principal = password?.Principal.Caller.Arn;
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(
                new JsonObject { ["token"] = password?.Encoded ?? AnybodysToken }.ToJsonString(),
                context.RequestAborted
            );
        }
        catch (OciError error)
        {
            await error.WriteAsync(context);
        }
    }

    /// <summary>A token that is good. For any other the registry answers 400 and no challenge, its token service 403.</summary>
    /// <remarks>https://github.com/aws/containers-roadmap/issues/2835; nobody tells the words that go with the 400.</remarks>
    private AuthorizationToken Known(AuthorizationToken? token, int refusal) =>
        token is null ? throw new OciError(refusal, "DENIED", "Your Authorization Token is invalid.")
        : tokens.IsExpired(token) ? throw OciError.ExpiredToken(refusal)
        : token;
}
