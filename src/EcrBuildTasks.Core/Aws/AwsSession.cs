using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// One AWS identity and region, and the clients that act as it. Nothing is kept beyond the session: a new one reads
/// the profiles again. Safe to use from several threads.
/// </summary>
public sealed class AwsSession
{
    private AwsClients _clients;
    private FoundCredentials _found = new(new AnonymousAWSCredentials(), "nobody");
    private readonly Lock _turn = new();
    private Task<CallerIdentity>? _caller;

    private AwsSession(AwsSettings settings, EnvironmentVariables environment, AwsProfiles profiles)
    {
        InstanceMetadata.Verify(environment);
        var profile = settings.Profile is { } name
            ? profiles.Get(name)
            : profiles.Find(environment["AWS_PROFILE"] ?? "default");
        (Region, RegionSource) =
            settings.Region is { } chosen ? (chosen, "the settings")
            : environment["AWS_REGION"] is { } variable ? (variable, "AWS_REGION")
            : environment["AWS_DEFAULT_REGION"] is { } fallback ? (fallback, "AWS_DEFAULT_REGION")
            : profile?.Region is { } own ? (own, $"profile {profile.Name}")
            : (null, (string?)null);
        NamedRegions =
        [
            .. new[] { environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"], profile?.Region }
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        _clients = new(environment, profile, Region);
        CodeBuildArn = environment["CODEBUILD_BUILD_ARN"];
        IgnoredProfile =
            settings.Profile is null
            && CredentialChain.Precedes(environment) is { } preceding
            && (Named(environment, "AWS_PROFILE") ?? Named(environment, "AWS_DEFAULT_PROFILE")) is { } named
                ? $"{named} is ignored, because {preceding} takes precedence."
                : null;
    }

    /// <summary>The ARN of the build, if CodeBuild runs it.</summary>
    public string? CodeBuildArn { get; }

    /// <summary>The region, or null when neither settings, environment, profile nor instance name one.</summary>
    public string? Region { get; private set; }

    /// <summary>What named the region: <c>the settings</c>, a variable, a profile, or <c>the EC2 instance</c>.</summary>
    public string? RegionSource { get; private set; }

    /// <summary>A sentence about a profile in the environment that is not used, because other variables take precedence.</summary>
    internal string? IgnoredProfile { get; }

    /// <summary>Where AWS STS is called.</summary>
    /// <exception cref="AwsSessionException">No region is set.</exception>
    public Uri StsEndpoint =>
        EndpointOf(
            _clients.Configure(new AmazonSecurityTokenServiceConfig(), region: null),
            new GetCallerIdentityRequest()
        );

    /// <summary>
    /// Where the credentials come from: <c>environment variables</c>, <c>profile dev</c>,
    /// <c>profile dev (IAM Identity Center)</c>, <c>role arn:… by web identity</c>, <c>container credentials</c>,
    /// <c>instance profile (role web)</c>, or <c>role arn:… assumed from …</c> one of these.
    /// </summary>
    public string CredentialsSource => _found.Source;

    /// <summary>The profile that gives the credentials, if one does.</summary>
    public string? Profile => _found.Profile?.Name;

    /// <summary>The role that is assumed, if one is.</summary>
    public string? RoleArn => _found.RoleArn;

    /// <summary>
    /// Tells this identity apart from others of the user, without a call to AWS where that can be: names and key ids, no
    /// secret.
    /// </summary>
    /// <exception cref="AwsSessionException">The source of the credentials gives none.</exception>
    public async Task<string> GetIdentityKeyAsync(CancellationToken cancellationToken)
    {
        ProvidedCredentials.CancelBy(cancellationToken);
        return await IdentityKey.CreateAsync(_found.Credentials);
    }

    /// <summary>
    /// Finds credentials and region; asks the network only for an EC2 instance's, and not for longer than a second where
    /// there is none.
    /// </summary>
    /// <exception cref="AwsSessionException">No credentials, or a profile that does not exist or is unusable.</exception>
    internal static async Task<AwsSession> OpenAsync(
        AwsSettings settings,
        EnvironmentVariables environment,
        CancellationToken cancellationToken
    )
    {
        var profiles = new AwsProfiles(environment);
        var session = new AwsSession(settings, environment, profiles);
        var found = await new CredentialChain(profiles, session._clients).FindAsync(settings, cancellationToken);
        session._found = found;
        if (session.Region is null && found.Credentials is InstanceCredentials instance)
        {
            session.Region = await instance.FindRegionAsync(cancellationToken);
            session.RegionSource = session.Region is null ? null : "the EC2 instance";
            session._clients = session._clients with { Region = session.Region };
        }

        return session;
    }

    /// <summary>A session without identity: it has region and endpoints, even without credentials.</summary>
    /// <exception cref="AwsSessionException">The profile does not exist.</exception>
    public static AwsSession OpenAnonymous(AwsSettings settings, EnvironmentVariables environment) =>
        new AwsSession(settings, environment, new AwsProfiles(environment));

    /// <summary>
    /// The regions that environment and profile name, in the order in which they are looked at; the settings' own is not among
    /// them.
    /// </summary>
    internal IReadOnlyList<string> NamedRegions { get; }

    /// <summary>An account's registry in the session's region, at the host that the settings for FIPS and dual-stack choose.</summary>
    /// <exception cref="AwsSessionException">No region is set.</exception>
    public EcrRegistry RegistryOf(string account) =>
        EcrRegistry.Create(
            account,
            Region ?? throw _clients.NoRegion(),
            _clients.UseFips ?? false,
            _clients.UseDualStack ?? false
        );

    /// <summary>An ECR client of this identity.</summary>
    /// <param name="registry">The registry to ask; <see langword="null"/> for the caller's own in the session's region.</param>
    /// <exception cref="AwsSessionException">No region is set, or endpoint settings contradict each other.</exception>
    /// <exception cref="ReferenceFormatException">The registry's partition is not known, and no endpoint URL is set.</exception>
    public EcrClient CreateEcrClient(EcrRegistry? registry = null) => _clients.Ecr(_found.Credentials, registry);

    /// <summary>Where the API of a registry is called.</summary>
    /// <param name="registry">The registry; <see langword="null"/> for the caller's own in the session's region.</param>
    /// <exception cref="AwsSessionException">No region is set, or endpoint settings contradict each other.</exception>
    /// <exception cref="ReferenceFormatException">The registry's partition is not known, and no endpoint URL is set.</exception>
    public Uri EcrEndpointOf(EcrRegistry? registry) =>
        EndpointOf(_clients.EcrConfig(registry), new GetAuthorizationTokenRequest());

    /// <summary>The setting that replaces the endpoint of AWS for a service; <see langword="null"/> if none does.</summary>
    /// <param name="serviceId">The service, such as <c>STS</c>.</param>
    public string? EndpointSettingOf(string serviceId) => _clients.EndpointUrl(serviceId)?.Origin;

    /// <summary>The caller as reported by AWS, requested once per session. Requires no permission.</summary>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    public async Task<CallerIdentity> GetCallerIdentityAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<CallerIdentity> identity;
            lock (_turn)
            {
                // Asked once, however many want to know at a time.
                _caller = _caller is null or { IsFaulted: true } or { IsCanceled: true }
                    ? AskWhoCallsAsync(cancellationToken)
                    : _caller;
                identity = _caller;
            }

            try
            {
                return await identity.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (identity.IsCanceled && !cancellationToken.IsCancellationRequested)
            {
                // Another caller cancelled the shared request; repeat it for this one.
            }
        }
    }

    /// <summary>The caller, if this session has already requested it; <see cref="CallerIdentity.NotKnown"/> otherwise.</summary>
    public CallerIdentity KnownCaller =>
        _caller is { IsCompletedSuccessfully: true } caller ? caller.Result : CallerIdentity.NotKnown;

    private Task<CallerIdentity> AskWhoCallsAsync(CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            using var sts = _clients.Sts(_found.Credentials);
            var answer = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            // The SDK turns a well-formed web page into an empty response.
            return answer is { Arn: { } arn, Account: { } account, UserId: { } userId }
                ? new CallerIdentity(arn, account, userId)
                : throw new AwsSessionException(
                    EcrCode.AnsweredByOther,
                    $"{StsEndpoint} returned a GetCallerIdentity response without a caller, which is not a valid AWS response"
                );
        });

    /// <summary>Calls AWS and converts failures of identity and connection.</summary>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    internal async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
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

    /// <summary>The password for a registry.</summary>
    /// <param name="registry">
    /// The registry; <see langword="null"/> for the caller's own in the session's region.
    /// </param>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    /// <exception cref="AmazonECRException">ECR refuses, for example with <c>AccessDeniedException</c>.</exception>
    /// <exception cref="ReferenceFormatException">The password must not be sent to the host of the registry.</exception>
    internal Task<EcrAuthorization> GetAuthorizationAsync(EcrRegistry? registry, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            using var ecr = CreateEcrClient(registry);
            // ECR Public has one token for all its registries.
            var account = registry is { Kind: RegistryKind.Private } ? registry.Account : null;
            var answer = await ecr.GetAuthorizationTokenAsync(
                new GetAuthorizationTokenRequest { RegistryIds = account is null ? null : [account] },
                cancellationToken
            );
            return ToAuthorization(answer, registry);
        });

    private EcrAuthorization ToAuthorization(GetAuthorizationTokenResponse answer, EcrRegistry? registry)
    {
        if (EcrAuthorization.Find(answer, registry?.Kind ?? RegistryKind.Private) is { } found)
        {
            var authorization = registry is null ? found.NamedAt(Chosen(found.ProxyEndpoint)) : found;
            // A registry that must not receive the password is rejected before the build starts.
            _ = authorization.CredentialsFor(registry);
            return authorization;
        }

        var endpoint = EcrEndpointOf(registry);
        throw new AwsSessionException(
            EcrCode.AnsweredByOther,
            $"{endpoint} returned a GetAuthorizationToken response without a valid token, which is not a valid AWS response"
        )
        {
            Endpoint = endpoint,
        };
    }

    /// <summary>The host of the caller's own registry that the settings for FIPS and dual-stack choose, whichever ECR names.</summary>
    private Uri Chosen(Uri named) =>
        (_clients.UseFips ?? _clients.UseDualStack) is not null && EcrRegistry.IsEcrHost(named.Host)
            ? new($"https://{RegistryOf(EcrRegistry.Parse(named.Host).Account).Host}")
            : named;

    private static string? Named(EnvironmentVariables environment, string variable) =>
        environment[variable] is { } profile ? $"{variable}={profile}" : null;

    private static Uri EndpointOf(ClientConfig config, AmazonWebServiceRequest request) =>
        new(config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request)).URL);
}
