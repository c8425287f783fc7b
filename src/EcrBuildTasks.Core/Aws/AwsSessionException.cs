namespace EcrBuildTasks.Aws;

/// <summary>Why AWS cannot be called with this identity.</summary>
internal enum AwsProblem
{
    /// <summary>No source of credentials has any.</summary>
    NoCredentials,

    /// <summary>Neither settings, environment nor profile name a region.</summary>
    NoRegion,

    /// <summary>What is set as the region cannot be the name of one.</summary>
    RegionInvalid,

    /// <summary>The requested profile does not exist.</summary>
    ProfileNotFound,

    /// <summary>The profile exists but yields no credentials: it is incomplete, or its source profiles lead back to it.</summary>
    ProfileUnusable,

    /// <summary>A line of the AWS config or credentials file cannot be read.</summary>
    ConfigFileMalformed,

    /// <summary>The environment has a part of a set of variables that are of use together only.</summary>
    EnvironmentIncomplete,

    /// <summary>The profile's <c>credential_process</c> fails or prints no credentials.</summary>
    CredentialProcessFailed,

    /// <summary>The web identity token is missing, has ended, or is not taken.</summary>
    WebIdentityRefused,

    /// <summary>The container or the EC2 instance that should give a role's credentials does not.</summary>
    RoleCredentialsUnavailable,

    /// <summary>The role of the profile requires MFA, which a build cannot prompt for.</summary>
    MfaRequired,

    /// <summary>The credentials were good and have ended.</summary>
    ExpiredCredentials,

    /// <summary>AWS does not know the access key, or the secret key does not belong to it.</summary>
    InvalidCredentials,

    /// <summary>The IAM Identity Center login of the profile has ended.</summary>
    SsoLoginRequired,

    /// <summary>There is no IAM Identity Center login for the profile.</summary>
    SsoNotLoggedIn,

    /// <summary>What IAM Identity Center profiles need is not installed with the program.</summary>
    SsoUnusable,

    /// <summary>AWS STS refuses to let the credentials assume the role.</summary>
    AssumeRoleDenied,

    /// <summary>The service cannot be reached: no such host, refused, timed out, TLS.</summary>
    EndpointUnreachable,

    /// <summary>An endpoint URL is set, and FIPS or dual-stack, which name another endpoint, is demanded too.</summary>
    EndpointSettingsContradict,

    /// <summary>AWS still throttles after the SDK's retries.</summary>
    Throttled,

    /// <summary>The AWS service fails, even after retries.</summary>
    ServiceFailed,

    /// <summary>What answers is not AWS: a proxy, a captive portal, another server.</summary>
    AnsweredByOther,

    /// <summary>The local clock is too far off for AWS to accept a signature.</summary>
    ClockSkew,
}

/// <summary>AWS cannot be called: the problem, and the facts needed to fix it. Never contains a secret.</summary>
public sealed class AwsSessionException : Exception
{
    internal AwsSessionException(AwsProblem problem, string message, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    internal AwsProblem Problem { get; }

    /// <summary>The profile in use or requested.</summary>
    public string? Profile { get; init; }

    /// <summary>When <see cref="Profile"/> does not exist: what names it, where it is not a setting of ours.</summary>
    public string? ProfileNamedBy { get; init; }

    /// <summary>When <see cref="Profile"/> does not exist: the existing one whose name is nearest, if any is near.</summary>
    public string? NearestProfile { get; init; }

    /// <summary>What else helps, in sentences.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Where the credentials come from, as <see cref="AwsSession.CredentialsSource"/> says it.</summary>
    public string? CredentialsSource { get; init; }

    /// <summary>The role that was to be assumed.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The URL that was called.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>AWS's error code, when AWS answered.</summary>
    public string? ErrorCode { get; init; }
}
