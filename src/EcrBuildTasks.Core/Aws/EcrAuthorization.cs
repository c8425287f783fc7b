using System.Text;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Registry;

namespace EcrBuildTasks.Aws;

/// <summary>A registry password. It is kept in memory only; <see cref="ToString"/> leaves it out.</summary>
public sealed class EcrAuthorization(string username, string password, Uri proxyEndpoint, DateTimeOffset expiresAt)
{
    private const string PublicEndpoint = "https://public.ecr.aws";

    /// <summary>The user to log in as: <c>AWS</c>.</summary>
    public string Username { get; } = username;

    /// <summary>The password: a secret.</summary>
    public string Password { get; } = password;

    /// <summary>
    /// The registry that ECR names for the password, the caller's own at the host that the settings for FIPS and dual-stack
    /// choose; an emulator or a proxy names itself.
    /// </summary>
    public Uri ProxyEndpoint { get; } = proxyEndpoint;

    /// <summary>When the password ends, by ECR's clock.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>
    /// The host to push to, pull from and log in at. The token names another one than the registry's own where an emulator or a
    /// proxy stands for it; the host of a FIPS or dual-stack registry, though, was chosen on purpose.
    /// </summary>
    /// <param name="registry">The registry that was asked for; <see langword="null"/> for the caller's own.</param>
    public string HostOf(EcrRegistry? registry) =>
        registry is not null && EcrRegistry.IsEcrHost(ProxyEndpoint.Host) ? registry.Host : ProxyEndpoint.Authority;

    /// <summary>Reads ECR's answer.</summary>
    /// <returns><see langword="null"/> when there is no usable token in it.</returns>
    internal static EcrAuthorization? Find(GetAuthorizationTokenResponse answer, RegistryKind kind) =>
        answer.AuthorizationData is [{ AuthorizationToken: { } token } data, ..]
        && Decode(token) is [var username, var password]
        // ECR Public has one host only, and does not name it.
        && (data.ProxyEndpoint ?? (kind is RegistryKind.Public ? PublicEndpoint : null)) is { } proxy
        && Uri.TryCreate(proxy, UriKind.Absolute, out var endpoint)
            ? new(
                username,
                password,
                endpoint,
                new DateTimeOffset(data.ExpiresAt ?? DateTime.MaxValue.ToUniversalTime())
            )
            : null;

    private static string[] Decode(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)
            : [];
    }

    /// <summary>User, registry and expiry, without the password.</summary>
    public override string ToString() => $"{Username} at {ProxyEndpoint} until {ExpiresAt:u}";
}
