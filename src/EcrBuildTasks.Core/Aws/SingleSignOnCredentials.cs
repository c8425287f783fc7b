using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.SSO.Model;
using Amazon.Util;
using Amazon.Util.Internal;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A role's credentials by the login of `aws sso login`, which is renewed if possible. There is no login prompt:
/// a build cannot answer it.
/// </summary>
internal sealed class SingleSignOnCredentials : ProvidedCredentials, ILastingIdentity
{
    private readonly AwsProfile _profile;
    private readonly AwsClients _clients;
    private readonly string _region;
    private readonly string _account;
    private readonly string _role;
    private readonly SSOTokenManagerGetTokenOptions _login;

    /// <exception cref="AwsSessionException">A setting is missing.</exception>
    public SingleSignOnCredentials(AwsProfile profile, AwsClients clients)
    {
        _profile = profile;
        _clients = clients;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
        var session = profile["sso_session"];
        if (session is not null && profile.SsoSession is null)
        {
            throw profile.Unusable(
                $"its sso_session is '{session}', but the section [sso-session {session}] is missing"
            );
        }

        _region = Setting("sso_region");
        _account = Setting("sso_account_id");
        _role = Setting("sso_role_name");
        _login = new SSOTokenManagerGetTokenOptions
        {
            Session = session,
            StartUrl = Setting("sso_start_url"),
            Region = _region,
            // Otherwise the SDK puts its own refusal to open a browser in place of what has kept the login from being renewed.
            SupportsGettingNewToken = false,
            CacheFolderLocation = clients.Environment.InHome(".aws", "sso", "cache"),
        };
    }

    public Task<string> GetIdentityKeyAsync() =>
        Task.FromResult($"login {_login.StartUrl} {_login.Session} as {_account}/{_role}");

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (token, startUrl) = await GetTokenAsync(cancellationToken);
            return await GetRoleCredentialsAsync(token, startUrl, cancellationToken);
        }
        catch (FileNotFoundException missing)
            when (missing.FileName?.StartsWith("AWSSDK.", StringComparison.Ordinal) is true)
        {
            throw new AwsSessionException(
                EcrCode.SsoUnusable,
                $"The assembly {missing.FileName.Split(',')[0]}, which IAM Identity Center profiles require, is missing.",
                missing
            )
            {
                Profile = _profile.Name,
            };
        }
    }

    private async Task<(string Token, string StartUrl)> GetTokenAsync(CancellationToken cancellationToken)
    {
        var cache = new SSOTokenFileCache(
            CryptoUtilFactory.CryptoInstance,
            new FileRetriever(),
            new DirectoryRetriever()
        );
        if (!cache.TryGetSsoToken(_login, _login.CacheFolderLocation, out var kept))
        {
            throw LoginNeeded(
                EcrCode.SsoNotLoggedIn,
                $"No IAM Identity Center login for profile '{_profile.Name}' was found on this machine.",
                LoginsElsewhere(cache)
            );
        }

        using var oidc = _clients.SsoOidc(_region);
        try
        {
            // The SDK does not cancel a renewal: after a cancellation it still completes and is saved.
            var renewal = new SSOTokenManager(oidc, cache).GetTokenAsync(_login, cancellationToken);
            var token = (await renewal.WaitAsync(cancellationToken)).AccessToken;
            OutgoingText.AddSecret(token);
            return (token, kept.StartUrl);
        }
        catch (AmazonClientException failure) when (IsEnded(failure))
        {
            throw LoginNeeded(
                EcrCode.SsoLoginRequired,
                $"The IAM Identity Center session of profile '{_profile.Name}' has expired.",
                [kept.StartUrl],
                failure
            );
        }
    }

    private async Task<CredentialsRefreshState> GetRoleCredentialsAsync(
        string token,
        string startUrl,
        CancellationToken cancellationToken
    )
    {
        using var portal = _clients.SsoPortal(_region);
        try
        {
            var answer = await portal.GetRoleCredentialsAsync(
                new GetRoleCredentialsRequest
                {
                    AccountId = _account,
                    RoleName = _role,
                    AccessToken = token,
                },
                cancellationToken
            );
            var role = answer.RoleCredentials;
            return new CredentialsRefreshState(
                new ImmutableCredentials(role.AccessKeyId, role.SecretAccessKey, role.SessionToken),
                DateTimeOffset.FromUnixTimeMilliseconds(role.Expiration.GetValueOrDefault()).UtcDateTime
            );
        }
        catch (UnauthorizedException refusal)
        {
            throw LoginNeeded(
                EcrCode.SsoLoginRequired,
                $"IAM Identity Center no longer accepts the login of profile '{_profile.Name}'.",
                [startUrl],
                refusal
            );
        }
        catch (AmazonServiceException refusal)
            when (refusal.ErrorCode is "ForbiddenException" or "ResourceNotFoundException")
        {
            var role = $"{_role} (IAM Identity Center) in account {_account}";
            throw new AwsSessionException(EcrCode.RoleNotAssumed, $"The role {role} could not be assumed.", refusal)
            {
                Profile = _profile.Name,
                RoleArn = role,
                Details = [$"AWS reported: {refusal.Message}"],
                ErrorCode = refusal.ErrorCode,
            };
        }
    }

    /// <summary>Whether the login has ended; an unreachable service does not mean that.</summary>
    private static bool IsEnded(AmazonClientException failure) =>
        failure.InnerException
            is null
                or AmazonServiceException
                {
                    ErrorCode.Length: > 0,
                    StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized
                };

    /// <summary>The start URLs of all existing logins.</summary>
    private IEnumerable<string> LoginsElsewhere(SSOTokenFileCache cache)
    {
        try
        {
            return cache.ScanSsoTokens(_login.CacheFolderLocation).Select(file => file.SsoToken.StartUrl);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    private string Setting(string name) =>
        _profile.SsoSession?.GetValueOrDefault(name) is { Length: > 0 } shared
            ? shared
            : _profile[name] ?? throw _profile.Unusable($"{name} is missing");

    private AwsSessionException LoginNeeded(
        EcrCode code,
        string message,
        IEnumerable<string> startUrls,
        Exception? cause = null
    )
    {
        string[] others =
        [
            .. startUrls
                .Where(url => url is not null && Plain(url) != Plain(_login.StartUrl))
                .Distinct(StringComparer.Ordinal),
        ];
        return new(code, message, cause)
        {
            Profile = _profile.Name,
            Details =
                others.Length == 0
                    ? []
                    :
                    [
                        $"The profile's sso_start_url is {Shown(_login.StartUrl)}; logins exist for {string.Join(", ", others.Select(Shown))}.",
                    ],
        };
    }

    /// <summary>A start URL without the suffixes that the AWS console adds.</summary>
    private static string Plain(string startUrl) => startUrl.TrimEnd('/', '#').ToUpperInvariant();

    private static string Shown(string startUrl) => AwsClients.WithoutUser(startUrl);
}
