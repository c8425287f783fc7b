using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// Makes the clients of a session. Each setting is given to them: what is left out the SDK would read from the
/// environment of the process, some of it only once, and from the default profile.
/// </summary>
/// <param name="Profile">The profile whose settings hold, if there is one.</param>
/// <param name="Region">The session's region, if one is known.</param>
internal sealed record AwsClients(EnvironmentVariables Environment, AwsProfile? Profile, string? Region)
{
    /// <summary>Only a variable: neither a profile nor a project can permit plain HTTP.</summary>
    private const string AllowHttp = "ECR_ALLOW_HTTP_ENDPOINT";

    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(5);

    /// <summary>Of the services that give identities, whose answers are short; three attempts make a quarter of a minute.</summary>
    private static readonly TimeSpan ToIdentify = TimeSpan.FromSeconds(4.5);

    private readonly CertificateBundle? _certificates = CertificateBundle.FromEnvironment(Environment);

    /// <summary>
    /// Keeps the SDK from the user's files, of which it needs nothing. It reads them in a static constructor: a line that it
    /// cannot read would break every client until the process ends, and stand in the exception, whatever secret it is.
    /// </summary>
    static AwsClients()
    {
        var nowhere = Path.Combine(AppContext.BaseDirectory, "no-aws-files", "credentials");
        AWSConfigs.AWSProfilesLocation = nowhere;
        // Nothing public takes the place of AWS_CONFIG_FILE.
        SetConfigFilePath(null, nowhere);
    }

    /// <summary>Whether FIPS endpoints are used; <see langword="null"/> if not configured.</summary>
    public bool? UseFips => Flag("use_fips_endpoint");

    /// <summary>Whether dual-stack endpoints are used; <see langword="null"/> if not configured.</summary>
    public bool? UseDualStack => Flag("use_dualstack_endpoint");

    public EcrClient Ecr(AWSCredentials credentials, EcrRegistry? registry) =>
        Told(new EcrClient(credentials, EcrConfig(registry)));

    public EcrClientConfig EcrConfig(EcrRegistry? registry)
    {
        var config = Configure(new EcrClientConfig(registry?.Kind ?? RegistryKind.Private), registry?.Region);
        config.Reach(registry, UseFips, UseDualStack);
        return config;
    }

    public AmazonSecurityTokenServiceClient Sts(AWSCredentials credentials) =>
        Told(
            new StsClient(
                credentials,
                Configure(new AmazonSecurityTokenServiceConfig { Timeout = ToIdentify }, region: null)
            )
        );

    public AmazonSSOClient SsoPortal(string region) =>
        Told(new SsoPortalClient(Configure(new AmazonSSOConfig { Timeout = ToIdentify }, region)));

    public AmazonSSOOIDCClient SsoOidc(string region) =>
        Told(new SsoOidcClient(Configure(new AmazonSSOOIDCConfig { Timeout = ToIdentify }, region)));

    /// <exception cref="AwsSessionException">No region is set, or an endpoint is not a valid URL.</exception>
    public TConfig Configure<TConfig>(TConfig config, string? region)
        where TConfig : ClientConfig
    {
        region ??= Region ?? throw NoRegion();
        if (!AwsPartition.IsRegionName(region))
        {
            throw new AwsSessionException(
                EcrCode.NoRegion,
                $"The AWS region is invalid: '{region}' is not the name of a region."
            );
        }

        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // With an endpoint URL of the user's own, the SDK would sign for a region that it reads off the host's name.
        config.AuthenticationRegion = region;
        config.ConnectTimeout = ToConnect;
        config.UseFIPSEndpoint = UseFips ?? false;
        config.UseDualstackEndpoint = UseDualStack ?? false;
        config.IgnoreConfiguredEndpointUrls = true;
        if (EndpointUrl(config.ServiceId) is var (url, origin))
        {
            var endpoint =
                Uri.IsWellFormedUriString(url, UriKind.Absolute) && new Uri(url) is { Scheme: "http" or "https" } valid
                    ? valid
                    : throw NoUrl(url, origin);
            // The user name and password are never sent, and messages show the URL.
            config.ServiceURL = endpoint.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
            if (
                endpoint is { Scheme: "http", IsLoopback: false }
                && !(bool.TryParse(Environment[AllowHttp], out var isAllowed) && isAllowed)
            )
            {
                throw new AwsSessionException(
                    EcrCode.EndpointUnreachable,
                    $"{origin} is {config.ServiceURL}, which would send credentials over plain HTTP. Use https, or set {AllowHttp}=true if nobody else can read this traffic"
                )
                {
                    Endpoint = new Uri(config.ServiceURL),
                };
            }

            if (config is { UseFIPSEndpoint: true } or { UseDualstackEndpoint: true })
            {
                throw Contradiction(
                    config.ServiceURL,
                    origin,
                    config.UseFIPSEndpoint ? "use_fips_endpoint" : "use_dualstack_endpoint"
                );
            }
        }

        // Otherwise the SDK repeats each attempt ten times at a server that closes its connections.
        config.MaxStaleConnectionRetries = 0;
        // A server that redirects is not AWS, and would get the request.
        config.AllowAutoRedirect = false;
        // "legacy" too is "standard" to this SDK, which has no other.
        config.RetryMode = "adaptive".Equals(Setting("retry_mode"), StringComparison.OrdinalIgnoreCase)
            ? RequestRetryMode.Adaptive
            : RequestRetryMode.Standard;
        if ((Count(Environment["AWS_MAX_ATTEMPTS"]) ?? Count(Profile?["max_attempts"])) is { } attempts)
        {
            config.MaxErrorRetry = attempts - 1;
        }

        if (_certificates is not null)
        {
            config.HttpClientFactory = new TrustingHttpClients(_certificates);
        }

        return config;
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "set_DefaultConfigFilePath")]
    private static extern void SetConfigFilePath(SharedCredentialsFile? type, string path);

    private static TClient Told<TClient>(TClient client)
        where TClient : AmazonServiceClient
    {
        client.ExceptionEvent += AwsProblems.NoteEndpoint;
        return client;
    }

    /// <summary>The endpoint URL that the user set for a service, and the name of the setting.</summary>
    public (string Url, string Origin)? EndpointUrl(string serviceId)
    {
        var service = serviceId.Replace(' ', '_');
        var variable = $"AWS_ENDPOINT_URL_{service.ToUpperInvariant()}";
        return Flag("ignore_configured_endpoint_urls") is true ? null
            : Environment[variable] is { } own ? (own, variable)
            : Environment["AWS_ENDPOINT_URL"] is { } general ? (general, "AWS_ENDPOINT_URL")
            : Profile?.Services?.GetValueOrDefault($"{service.ToLowerInvariant()}.endpoint_url")
                is { Length: > 0 } named
                ? (named, $"endpoint_url of the profile {Profile.Name}")
            : Profile?["endpoint_url"] is { } ofProfile ? (ofProfile, $"endpoint_url of the profile {Profile.Name}")
            : null;
    }

    /// <summary>A setting from the environment or the profile, by its name in the profile.</summary>
    private string? Setting(string name) => Environment[$"AWS_{name.ToUpperInvariant()}"] ?? Profile?[name];

    public static int? Count(string? setting) =>
        int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : null;

    private bool? Flag(string name) => bool.TryParse(Setting(name), out var value) ? value : null;

    public AwsSessionException NoRegion() => new(EcrCode.NoRegion, "No AWS region is set.") { Profile = Profile?.Name };

    public static AwsSessionException NoUrl(string url, string origin) =>
        new(EcrCode.EndpointUnreachable, $"{origin} is '{WithoutUser(url)}', which is not a valid URL");

    /// <summary>Without the Uri class, which rejects some characters in passwords.</summary>
    public static string WithoutUser(string url) => url.LastIndexOf('@') is var at and >= 0 ? $"***{url[at..]}" : url;

    private AwsSessionException Contradiction(string url, string origin, string flag)
    {
        var variable = $"AWS_{flag.ToUpperInvariant()}";
        var demand = Environment[variable] is null ? $"{flag} of the profile {Profile?.Name}" : variable;
        return new(
            EcrCode.EndpointSettingsContradict,
            $"{origin} sets the endpoint to {url}, but {demand} requires a different endpoint"
        )
        {
            Endpoint = new Uri(url),
        };
    }
}
