using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Registry;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Login.Cache;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Tool.Login;

/// <summary>The passwords of registries: kept from an earlier run, or else from ECR, which is the only call to AWS.</summary>
/// <param name="invocation">The run, which says as whom to ask.</param>
/// <param name="cache">The passwords of earlier runs; <see langword="null"/> to keep none and use none.</param>
internal sealed class RegistryPasswords(Invocation invocation, TokenCache? cache)
{
    /// <summary>Gives the password of a registry.</summary>
    /// <param name="host">The registry's host; <see langword="null"/> for the caller's own registry.</param>
    /// <param name="renew">Whether one that was kept is of no use, as it was refused.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ReferenceFormatException">The host is not one of ECR.</exception>
    /// <exception cref="DiagnosedException">The host is that of ECR Public.</exception>
    public async Task<RegistryPassword> GetAsync(string? host, bool renew, CancellationToken cancellationToken)
    {
        var (registry, settings) = Resolve(host);
        var session = invocation.Identities.Open(settings, cancellationToken);
        var key = await KeyAsync(registry, session);
        if (!renew && key is not null && cache!.Find(key) is { } kept)
        {
            return new(kept.HostOf(registry), kept, session) { WasKept = true };
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

        return new(authorization.HostOf(registry), authorization, session);
    }

    /// <summary>Forgets the password of a registry, if one was kept.</summary>
    /// <param name="host">The registry's host.</param>
    /// <param name="cancellationToken">Cancels what it takes to know whose password it is.</param>
    public async Task ForgetAsync(string host, CancellationToken cancellationToken)
    {
        var (registry, settings) = Resolve(host);
        if (await KeyAsync(registry, invocation.Identities.Open(settings, cancellationToken)) is { } key)
        {
            cache!.Forget(key);
        }
    }

    private (EcrRegistry? Registry, AwsSettings Settings) Resolve(string? host)
    {
        var registry = host is null || IsEndpoint(host, invocation.Environment) ? null : EcrRegistry.Parse(host);
        var settings = invocation.Settings;
        return (registry, settings with { Region = registry?.Region ?? settings.Region });
    }

    private async Task<TokenKey?> KeyAsync(EcrRegistry? registry, AwsSession session) =>
        cache is null
            ? null
            : new(
                await session.GetIdentityKeyAsync(),
                session.EcrEndpointOf(registry),
                session.Region,
                registry?.Account
            );

    /// <summary>Whether ECR, or what stands for it, gives passwords for a host.</summary>
    public static bool Covers(string host, EnvironmentVariables environment) =>
        IsEndpoint(host, environment) || EcrRegistry.IsEcrHost(host);

    /// <summary>An emulator answers the API and the registry's protocol at one address.</summary>
    private static bool IsEndpoint(string host, EnvironmentVariables environment) =>
        (environment["AWS_ENDPOINT_URL_ECR"] ?? environment["AWS_ENDPOINT_URL"]) is { } url
        && Uri.TryCreate(url, UriKind.Absolute, out var endpoint)
        && endpoint.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);
}
