using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;

namespace EcrBuildTasks.Emulator.IdentityCenter;

/// <summary>The portal of IAM Identity Center, which gives roles' credentials, and its OIDC service, which renews logins.</summary>
internal sealed class IdentityCenterApi
{
    public const string CredentialsPath = "/federation/credentials";
    public const string TokenPath = "/token";

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, IdentityCenterLogin> _byAccessToken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IdentityCenterLogin> _byRefreshToken = new(StringComparer.Ordinal);
    private readonly IdentityDirectory _directory;
    private readonly TimeProvider _clock;

    public IdentityCenterApi(EmulatorOptions options, IdentityDirectory directory)
    {
        this._directory = directory;
        _clock = options.TimeProvider;
        foreach (var login in options.IdentityCenter.Logins)
        {
            Keep(login);
        }
    }

    public Task GetRoleCredentialsAsync(HttpContext context, CallRecord record)
    {
        (record.Service, record.Action) = ("sso", "GetRoleCredentials");
        var token = context.Request.Headers["x-amz-sso_bearer_token"].ToString();
        if (
            !_byAccessToken.TryGetValue(token, out var login)
            || (login.ExpiresAt is { } end && end <= _clock.GetUtcNow())
        )
        {
            return RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "UnauthorizedException",
                "Session token not found or invalid"
            );
        }

        record.Principal = login.User;
        var asked = new PermissionSetAssignment(
            context.Request.Query["account_id"].ToString(),
            context.Request.Query["role_name"].ToString()
        );
        if (!login.Assignments.Contains(asked) || RoleOf(asked) is not { } role)
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "ForbiddenException", "No access");
        }

        var session = _directory.StartSession(role, login.User, TokenLife, policy: null);
        return WriteAsync(
            context,
            StatusCodes.Status200OK,
            new JsonObject
            {
                ["roleCredentials"] = new JsonObject
                {
                    ["accessKeyId"] = session.Key.Id,
                    ["secretAccessKey"] = session.Key.Secret,
                    ["sessionToken"] = session.Key.SessionToken,
                    ["expiration"] = session.ExpiresAt!.Value.ToUnixTimeMilliseconds(),
                },
            }
        );
    }

    public async Task CreateTokenAsync(HttpContext context, CallRecord record)
    {
        (record.Service, record.Action) = ("sso-oidc", "CreateToken");
        JsonNode? request = null;
        try
        {
            request = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            // It has no grant, then.
        }

        if ((string?)request?["grantType"] != "refresh_token")
        {
            await RefuseTokenAsync(context, "UnsupportedGrantTypeException", "unsupported_grant_type");
        }
        else if (!_byRefreshToken.TryRemove((string?)request["refreshToken"] ?? "", out var login))
        {
            await RefuseTokenAsync(context, "InvalidGrantException", "invalid_grant");
        }
        else
        {
            record.Principal = login.User;
            var renewed = login with
            {
                AccessToken = NewToken(),
                RefreshToken = NewToken(),
                ExpiresAt = _clock.GetUtcNow() + TokenLife,
            };
            Keep(renewed);
            await WriteAsync(
                context,
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["accessToken"] = renewed.AccessToken,
                    ["refreshToken"] = renewed.RefreshToken,
                    ["expiresIn"] = (int)TokenLife.TotalSeconds,
                    ["tokenType"] = "Bearer",
                }
            );
        }
    }

    private void Keep(IdentityCenterLogin login)
    {
        _byAccessToken[login.AccessToken] = login;
        if (login.RefreshToken is { } refresh)
        {
            _byRefreshToken[refresh] = login;
        }
    }

    private EmulatedRole? RoleOf(PermissionSetAssignment assignment)
    {
        const int DigitsOfSuffix = 16;
        var prefix = $"AWSReservedSSO_{assignment.PermissionSet}_";
        return _directory.FindRole(
            assignment.Account,
            name => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length == prefix.Length + DigitsOfSuffix
        );
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static Task RefuseTokenAsync(HttpContext context, string type, string error)
    {
        context.Response.Headers["x-amzn-ErrorType"] = type;
        return WriteAsync(
            context,
            StatusCodes.Status400BadRequest,
            new JsonObject { ["error"] = error, ["error_description"] = "Invalid grant provided" }
        );
    }

    private static Task RefuseAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.Headers["x-amzn-ErrorType"] = type;
        return WriteAsync(context, status, new JsonObject { ["message"] = message, ["__type"] = type });
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
