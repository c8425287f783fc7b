using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.SSO.Model;
using Amazon.Util;
using Amazon.Util.Internal;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A role's credentials by the login of `aws sso login`, which is renewed where it can be. Nobody is asked to log in here: a
/// build has nobody to ask.
/// </summary>
internal sealed class SingleSignOnCredentials : RefreshingAWSCredentials, ILastingIdentity
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
            throw profile.Unusable($"its sso_session '{session}' has no section [sso-session {session}]");
        }

        _region = Setting("sso_region");
        _account = Setting("sso_account_id");
        _role = Setting("sso_role_name");
        _login = new SSOTokenManagerGetTokenOptions
        {
            Session = session,
            StartUrl = Setting("sso_start_url"),
            Region = _region,
            CacheFolderLocation = Path.Combine(clients.Environment.Home, ".aws", "sso", "cache"),
        };
    }

    public Task<string> GetIdentityKeyAsync() =>
        Task.FromResult($"login {_login.StartUrl} {_login.Session} as {_account}/{_role}");

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            return await GetRoleCredentialsAsync(await GetTokenAsync());
        }
        catch (FileNotFoundException missing)
            when (missing.FileName?.StartsWith("AWSSDK.", StringComparison.Ordinal) is true)
        {
            throw new AwsSessionException(
                AwsProblem.SsoUnusable,
                $"The assembly {missing.FileName.Split(',')[0]}, which an IAM Identity Center profile needs, is missing.",
                missing
            )
            {
                Profile = _profile.Name,
            };
        }
    }

    private async Task<string> GetTokenAsync()
    {
        var cache = new SSOTokenFileCache(
            CryptoUtilFactory.CryptoInstance,
            new FileRetriever(),
            new DirectoryRetriever()
        );
        if (!cache.TryGetSsoToken(_login, _login.CacheFolderLocation, out _))
        {
            throw LoginNeeded(AwsProblem.SsoNotLoggedIn, "has no login");
        }

        using var oidc = _clients.SsoOidc(_region);
        try
        {
            return (await new SSOTokenManager(oidc, cache).GetTokenAsync(_login)).AccessToken;
        }
        catch (AmazonClientException failure) when (Refusal(failure) is null)
        {
            throw LoginNeeded(AwsProblem.SsoLoginRequired, "has a login that has ended", failure);
        }
    }

    private async Task<CredentialsRefreshState> GetRoleCredentialsAsync(string token)
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
                }
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
                AwsProblem.SsoLoginRequired,
                "has a login that Identity Center no longer accepts",
                refusal
            );
        }
        catch (AmazonServiceException refusal)
            when (refusal.ErrorCode is "ForbiddenException" or "ResourceNotFoundException")
        {
            throw new AwsSessionException(AwsProblem.AssumeRoleDenied, refusal.Message, refusal)
            {
                Profile = _profile.Name,
                RoleArn = $"{_role} (IAM Identity Center) in account {_account}",
                ErrorCode = refusal.ErrorCode,
            };
        }
    }

    /// <summary>What kept the login from being renewed, if it was not a refusal: an unreachable service is no ended login.</summary>
    private static Exception? Refusal(Exception failure) =>
        failure.InnerException is HttpRequestException or TimeoutException
        || failure.InnerException is AmazonServiceException { InnerException: HttpRequestException }
            ? failure.InnerException
            : null;

    private string Setting(string name) =>
        _profile.SsoSession?.GetValueOrDefault(name) is { Length: > 0 } shared
            ? shared
            : _profile[name] ?? throw _profile.Unusable($"it has no {name}");

    private AwsSessionException LoginNeeded(AwsProblem problem, string state, Exception? cause = null) =>
        new(problem, $"The AWS profile '{_profile.Name}' {state}: aws sso login --profile {_profile.Name}", cause)
        {
            Profile = _profile.Name,
        };
}
