using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Endpoints;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Network;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Aws;

/// <summary>
/// One AWS identity and region, and the clients that act as it. Nothing is kept beyond the session: a new one reads
/// environment and profiles again. Safe to use from several threads.
/// </summary>
public sealed class AwsSession
{
    private readonly AwsProfiles _profiles = new();
    private readonly CredentialProfile? _profile;
    private readonly FoundCredentials _found;
    private readonly CertificateBundle? _certificates = CertificateBundle.FromEnvironment();

    private AwsSession(AwsSettings settings, FoundCredentials? given, CancellationToken cancellationToken)
    {
        var name = settings.Profile ?? CredentialChain.DefaultProfileName;
        _profile = settings.Profile is null ? _profiles.Find(name) : _profiles.Get(name);
        (Region, RegionSource) =
            settings.Region is { } chosen ? (chosen, "the settings")
            : CredentialChain.Variable("AWS_REGION") is { } variable ? (variable, "AWS_REGION")
            : CredentialChain.Variable("AWS_DEFAULT_REGION") is { } fallback ? (fallback, "AWS_DEFAULT_REGION")
            : _profile?.Region?.SystemName is { } own ? (own, $"profile {_profile.Name}")
            : (null, (string?)null);
        _found = given ?? new CredentialChain(_profiles, CreateStsClient, cancellationToken).Find(settings);
        if (Region is null && _found.Credentials is InstanceProfileAWSCredentials)
        {
            Region = InstanceMetadata.FindRegion(cancellationToken);
            RegionSource = Region is null ? null : "the EC2 instance";
        }
    }

    /// <summary>The region, or null when neither settings, environment, profile nor instance name one.</summary>
    public string? Region { get; }

    /// <summary>What named the region: <c>the settings</c>, a variable, a profile, or <c>the EC2 instance</c>.</summary>
    public string? RegionSource { get; }

    /// <summary>Where the ECR API is called.</summary>
    /// <exception cref="AwsSessionException">There is no region.</exception>
    public Uri EcrEndpoint => EndpointOf(new EcrClientConfig(), new GetAuthorizationTokenRequest());

    /// <summary>Where AWS STS is called.</summary>
    /// <exception cref="AwsSessionException">There is no region.</exception>
    public Uri StsEndpoint => EndpointOf(new AmazonSecurityTokenServiceConfig(), new GetCallerIdentityRequest());

    /// <summary>
    /// Where the credentials come from: <c>environment variables</c>, <c>profile dev</c>, <c>web identity</c>,
    /// <c>container credentials</c>, <c>instance profile</c>, or <c>role arn:… assumed from …</c> one of these.
    /// </summary>
    public string CredentialsSource => _found.Source;

    /// <summary>The profile that gives the credentials, if one does.</summary>
    public string? Profile => _found.Profile?.Name;

    /// <summary>The role that is assumed, if one is.</summary>
    public string? RoleArn => _found.RoleArn;

    internal string? SsoProfile => _found.SsoProfile;

    /// <summary>
    /// Finds credentials and region; asks the network only for an EC2 instance's, and not for longer than a second where
    /// there is none.
    /// </summary>
    /// <exception cref="AwsSessionException">No credentials, or a profile that does not exist or is unusable.</exception>
    public static AwsSession Open(AwsSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new AwsSession(settings, given: null, cancellationToken);
    }

    /// <summary>A session of nobody: it knows region and endpoints, also where there are no credentials.</summary>
    /// <exception cref="AwsSessionException">There is no such profile.</exception>
    public static AwsSession OpenAnonymous(AwsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new AwsSession(settings, new(new AnonymousAWSCredentials(), "nobody"), CancellationToken.None);
    }

    /// <summary>An ECR client of this identity, for <paramref name="region"/> or the session's own.</summary>
    /// <exception cref="AwsSessionException">There is no region.</exception>
    public EcrClient CreateEcrClient(string? region = null) => CreateEcrClient(RegistryKind.Private, region);

    /// <summary>An ECR client of this identity for the API and the region of a registry, or for the session's own region.</summary>
    /// <exception cref="AwsSessionException">There is no region.</exception>
    public EcrClient CreateEcrClient(EcrRegistry? registry) =>
        CreateEcrClient(registry?.Kind ?? RegistryKind.Private, registry?.Region);

    private EcrClient CreateEcrClient(RegistryKind kind, string? region)
    {
        var client = new EcrClient(_found.Credentials, Configure(new EcrClientConfig(kind), region));
        client.ExceptionEvent += AwsProblems.NoteEndpoint;
        return client;
    }

    /// <summary>Who AWS says the caller is. Needs no permission.</summary>
    /// <exception cref="AwsSessionException">AWS cannot be asked.</exception>
    public async Task<CallerIdentity> GetCallerIdentityAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var sts = CreateStsClient(_found.Credentials);
            var answer = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            return new CallerIdentity(answer.Arn, answer.Account, answer.UserId);
        }
        catch (Exception failure)
        {
            if (AwsProblems.From(failure, this) is { } problem)
            {
                throw problem;
            }

            throw;
        }
    }

    /// <summary>The password for the registry of <paramref name="registryAccount"/> in the session's region.</summary>
    /// <exception cref="AwsSessionException">AWS cannot be asked.</exception>
    /// <exception cref="AmazonECRException">ECR refuses, for example with <c>AccessDeniedException</c>.</exception>
    public Task<EcrAuthorization> GetAuthorizationAsync(string registryAccount, CancellationToken cancellationToken) =>
        GetAuthorizationAsync(RegistryKind.Private, registryAccount, region: null, cancellationToken);

    /// <summary>The password for a registry.</summary>
    /// <param name="registry">The registry; <see langword="null"/> for the caller's own in the session's region.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AwsSessionException">AWS cannot be asked.</exception>
    /// <exception cref="AmazonECRException">ECR refuses, for example with <c>AccessDeniedException</c>.</exception>
    public Task<EcrAuthorization> GetAuthorizationAsync(EcrRegistry? registry, CancellationToken cancellationToken) =>
        GetAuthorizationAsync(
            registry?.Kind ?? RegistryKind.Private,
            registry?.Account,
            registry?.Region,
            cancellationToken
        );

    private async Task<EcrAuthorization> GetAuthorizationAsync(
        RegistryKind kind,
        string? registryAccount,
        string? region,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var ecr = CreateEcrClient(kind, region);
            var answer = await ecr.GetAuthorizationTokenAsync(
                new GetAuthorizationTokenRequest
                {
                    RegistryIds = kind is RegistryKind.Public || registryAccount is null ? null : [registryAccount],
                },
                cancellationToken
            );
            return EcrAuthorization.Of(answer, kind);
        }
        catch (Exception failure)
        {
            if (AwsProblems.From(failure, this) is { } problem)
            {
                throw problem;
            }

            throw;
        }
    }

    private AmazonSecurityTokenServiceClient CreateStsClient(AWSCredentials credentials)
    {
        var client = new AmazonSecurityTokenServiceClient(
            credentials,
            Configure(new AmazonSecurityTokenServiceConfig(), region: null)
        );
        client.ExceptionEvent += AwsProblems.NoteEndpoint;
        return client;
    }

    private Uri EndpointOf(ClientConfig config, AmazonWebServiceRequest request) =>
        new(
            Configure(config, region: null)
                .DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request))
                .URL
        );

    /// <remarks>
    /// The SDK reads FIPS, dual-stack and retry settings once per process and from the default profile; a build node lives
    /// longer than one environment, and the session may use another profile.
    /// </remarks>
    private TConfig Configure<TConfig>(TConfig config, string? region)
        where TConfig : ClientConfig
    {
        region ??= Region ?? throw NoRegion();
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // With an endpoint URL of the user's own, the SDK would sign for a region that it reads off the host's name.
        config.AuthenticationRegion = region;
        config.ConnectTimeout = TimeSpan.FromSeconds(5);
        if (_profile is not null)
        {
            config.Profile = new Profile(_profile.Name, _profiles.Location);
        }

        config.UseFIPSEndpoint = Flag("AWS_USE_FIPS_ENDPOINT") ?? _profile?.UseFIPSEndpoint ?? false;
        config.UseDualstackEndpoint = Flag("AWS_USE_DUALSTACK_ENDPOINT") ?? _profile?.UseDualstackEndpoint ?? false;
        config.IgnoreConfiguredEndpointUrls =
            Flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? _profile?.IgnoreConfiguredEndpointUrls ?? false;
        if (_certificates is not null)
        {
            config.HttpClientFactory = new TrustingHttpClients(_certificates);
        }

        return config;
    }

    private AwsSessionException NoRegion() =>
        new(AwsProblem.NoRegion, "No AWS region: neither the build, AWS_REGION nor the profile names one.")
        {
            Profile = _profile?.Name,
        };

    private static bool? Flag(string variable) =>
        bool.TryParse(CredentialChain.Variable(variable), out var value) ? value : null;
}
