using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>The passwords of registries: cached by an earlier run, or from ECR, which is the only call to AWS.</summary>
/// <param name="invocation">The run, with the identity to use.</param>
/// <param name="cache">The passwords of earlier runs; <see langword="null"/> to disable caching.</param>
internal sealed class RegistryPasswords(Invocation invocation, TokenCache? cache)
{
    private const string PublicHost = "public.ecr.aws";

    /// <summary>Gets the password of a registry.</summary>
    /// <param name="host">The registry's host; <see langword="null"/> for the caller's own registry.</param>
    /// <param name="renew">Whether to ignore a cached password because it was rejected.</param>
    /// <exception cref="ReferenceFormatException">The host is not an ECR registry, or must not receive the password.</exception>
    public Task<RegistryPassword> GetAsync(string? host, bool renew, CancellationToken cancellationToken) =>
        GetAsync(host, renew, (authorization, registry) => authorization.CredentialsFor(registry), cancellationToken);

    private async Task<RegistryPassword> GetAsync(
        string? host,
        bool renew,
        Func<EcrAuthorization, EcrRegistry?, RegistryCredentials> choose,
        CancellationToken cancellationToken
    )
    {
        var (registry, settings) = Resolve(host);
        var session = await invocation.Identities.OpenAsync(settings, cancellationToken);
        var key = await KeyAsync(registry, session, cancellationToken);
        if (!renew && key is not null && cache!.Find(key) is { } kept)
        {
            return new(choose(kept, registry), session) { WasKept = true };
        }

        var authorization = await invocation.Identities.GetAuthorizationAsync(
            settings,
            registry,
            renew,
            cancellationToken
        );
        if (key is not null)
        {
            cache!.Keep(key, authorization);
        }

        return new(choose(authorization, registry), session);
    }

    /// <summary>Gets the password for a server from the request of another program.</summary>
    /// <param name="host">The server's host.</param>
    /// <returns><see langword="null"/> for a server that is not an ECR registry.</returns>
    /// <exception cref="ReferenceFormatException">
    /// The host looks like an ECR registry, but must not receive the password.
    /// </exception>
    public async Task<RegistryPassword?> FindAsync(string host, CancellationToken cancellationToken) =>
        MayBeOfEcr(host)
            ? await GetAsync(
                host,
                renew: false,
                // The program sends it to the host that it has named, even where an emulator stands for the registry.
                (authorization, _) => authorization.CredentialsAt(host),
                cancellationToken
            )
            : null;

    /// <summary>
    /// The registries for a program that wants all passwords before it knows which it needs: those with cached passwords, or the
    /// caller's own.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        cache?.Hosts() is { Count: > 0 } cached
            ? cached
            : [(await GetAsync(host: null, renew: false, cancellationToken)).Credentials.Host];

    /// <summary>Whether a server is, or may be, a registry of Amazon ECR.</summary>
    public bool Serves(string host) => MayBeOfEcr(host);

    /// <summary>Removes the cached password of a server.</summary>
    /// <param name="host">The host of any server.</param>
    /// <param name="cancellationToken">Cancels the identification of the owner.</param>
    public async Task ForgetAsync(string host, CancellationToken cancellationToken)
    {
        if (!MayBeOfEcr(host))
        {
            return;
        }

        var (registry, settings) = Resolve(host);
        if (
            await KeyAsync(
                registry,
                await invocation.Identities.OpenAsync(settings, cancellationToken),
                cancellationToken
            ) is
            { } key
        )
        {
            cache!.Forget(key);
        }
    }

    /// <summary>Whether a host is one of ECR Public, from which anyone can pull without a password.</summary>
    public bool IsPublic(string host) => MayBeOfEcr(host) && Resolve(host).Registry is { Kind: RegistryKind.Public };

    private (EcrRegistry? Registry, AwsSettings Settings) Resolve(string? host)
    {
        var registry =
            host is null || Is(Endpoint, host) ? null
            : IsBesidePublicEndpoint(host) ? EcrRegistry.Parse(PublicHost)
            : EcrRegistry.Parse(host);
        var settings = invocation.Settings;
        return (registry, settings with { Region = registry?.Region ?? settings.Region });
    }

    private async Task<TokenKey?> KeyAsync(
        EcrRegistry? registry,
        AwsSession session,
        CancellationToken cancellationToken
    ) =>
        cache is null
            ? null
            : new(
                await session.GetIdentityKeyAsync(cancellationToken),
                session.EcrEndpointOf(registry),
                session.Region,
                registry is { Kind: RegistryKind.Public } ? PublicHost : registry?.Account
            );

    private bool MayBeOfEcr(string host) =>
        IsKnown(host)
        || IsBesidePublicEndpoint(host)
        // In a partition that this version does not know, where an endpoint makes it usable.
        || (Endpoint is not null && EcrRegistry.IsLikeEcrHost(host));

    /// <summary>An emulator answers the API and the registry's protocol at one address.</summary>
    private bool IsKnown(string host) => EcrRegistry.IsEcrHost(host) || Is(Endpoint, host);

    /// <summary>An emulator answers for ECR Public at another port.</summary>
    private bool IsBesidePublicEndpoint(string host) =>
        EndpointOf("AWS_ENDPOINT_URL_ECR_PUBLIC") is { IsLoopback: true } endpoint
        && !Is(Endpoint, host)
        && host.Split(':') is [var name, _]
        && endpoint.Host.Equals(name, StringComparison.OrdinalIgnoreCase);

    private Uri? Endpoint => EndpointOf("AWS_ENDPOINT_URL_ECR");

    private Uri? EndpointOf(string variable) =>
        (invocation.Environment[variable] ?? invocation.Environment["AWS_ENDPOINT_URL"]) is { } url
        && Uri.TryCreate(url, UriKind.Absolute, out var endpoint)
            ? endpoint
            : null;

    private static bool Is(Uri? endpoint, string host) =>
        endpoint is not null && endpoint.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);
}
