using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>A password and the host that takes it.</summary>
/// <param name="Host">The registry's host; with a port where it is not the usual one.</param>
/// <param name="Authorization">The username and the password.</param>
internal sealed record RegistryPassword(string Host, EcrAuthorization Authorization)
{
    /// <summary>Whether the host speaks no TLS, as an emulator does not.</summary>
    public bool IsPlainHttp => Authorization.ProxyEndpoint.Scheme == Uri.UriSchemeHttp;

    /// <summary>Asks ECR for the password of a registry; this is the only call to AWS.</summary>
    /// <param name="invocation">The run, which says as whom to ask.</param>
    /// <param name="host">The registry's host; <see langword="null"/> for the caller's own registry.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ReferenceFormatException">The host is not one of ECR.</exception>
    public static async Task<RegistryPassword> GetAsync(
        Invocation invocation,
        string? host,
        CancellationToken cancellationToken
    )
    {
        var registry = host is null || IsEndpoint(host) ? null : EcrRegistry.Parse(host);
        var settings = invocation.Settings;
        var authorization = await invocation.Identities.GetAuthorizationAsync(
            settings with
            {
                Region = registry?.Region ?? settings.Region,
            },
            registry,
            renew: false,
            cancellationToken
        );
        return new(authorization.HostOf(registry), authorization);
    }

    /// <summary>Whether ECR, or what stands for it, gives passwords for a host.</summary>
    public static bool Covers(string host) => IsEndpoint(host) || EcrRegistry.IsEcrHost(host);

    /// <summary>An emulator answers the API and the registry's protocol at one address.</summary>
    private static bool IsEndpoint(string host) =>
        (
            Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_ECR") is { Length: > 0 } own
                ? own
                : Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL")
        )
            is { Length: > 0 } url
        && Uri.TryCreate(url, UriKind.Absolute, out var endpoint)
        && endpoint.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);
}
