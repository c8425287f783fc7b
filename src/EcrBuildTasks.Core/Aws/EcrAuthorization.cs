using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A registry password. It leaves this object only as the credentials of a host that may get it; <see cref="ToString"/> leaves
/// it out.
/// </summary>
public sealed class EcrAuthorization(string username, string password, Uri proxyEndpoint, DateTimeOffset expiresAt)
{
    private const string PublicEndpoint = "https://public.ecr.aws";

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
    /// <param name="registry">The requested registry; <see langword="null"/> for the caller's own.</param>
    internal string HostOf(EcrRegistry? registry) =>
        registry switch
        {
            null => ProxyEndpoint.Authority,
            { Partition.IsKnown: true } => EcrRegistry.IsEcrHost(ProxyEndpoint.Host)
                ? registry.Host
                : ProxyEndpoint.Authority,
            _ => EcrRegistry.IsLikeEcrHost(ProxyEndpoint.Host) ? registry.Host : ProxyEndpoint.Authority,
        };

    /// <param name="registry">The requested registry; <see langword="null"/> for the caller's own.</param>
    /// <exception cref="ReferenceFormatException">The password must not be sent to its host.</exception>
    public RegistryCredentials CredentialsFor(EcrRegistry? registry) => CredentialsAt(HostOf(registry));

    /// <summary>The credentials for a host: one in AWS's domains, or the one that ECR names.</summary>
    /// <exception cref="ReferenceFormatException">The password must not be sent to the host: anyone can create a host of this form.</exception>
    public RegistryCredentials CredentialsAt(string host)
    {
        var isInAwsDomain = EcrRegistry.IsEcrHost(host);
        return isInAwsDomain || host.Equals(ProxyEndpoint.Authority, StringComparison.OrdinalIgnoreCase)
            ? new(
                host,
                username,
                password,
                ExpiresAt,
                usePlainHttp: !isInAwsDomain && ProxyEndpoint.Scheme == Uri.UriSchemeHttp
            )
            : throw new ReferenceFormatException(
                ReferencePart.Registry,
                host,
                $"must not receive the registry password: it is not in an AWS domain, and Amazon ECR issued the password for {ProxyEndpoint.Authority}",
                $"Write {ProxyEndpoint.Authority}, or set AWS_ENDPOINT_URL_ECR to the ECR API of the intended registry."
            );
    }

    /// <summary>The same password, for a registry that stands for the one that ECR names.</summary>
    internal EcrAuthorization NamedAt(Uri endpoint) => new(username, password, endpoint, ExpiresAt);

    /// <summary>All of it, the password too, for a cache.</summary>
    public JsonObject ToCacheEntry() =>
        new()
        {
            ["username"] = username,
            ["password"] = password,
            ["proxyEndpoint"] = ProxyEndpoint.ToString(),
            ["expiresAt"] = ExpiresAt,
        };

    /// <summary>Reads what <see cref="ToCacheEntry"/> wrote; throws what <see cref="JsonNode"/> does where it is anything else.</summary>
    public static EcrAuthorization FromCacheEntry(JsonNode entry) =>
        new(
            (string)entry["username"]!,
            (string)entry["password"]!,
            new Uri((string)entry["proxyEndpoint"]!),
            (DateTimeOffset)entry["expiresAt"]!
        );

    /// <returns><see langword="null"/> if it contains no valid token.</returns>
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
    public override string ToString() => $"{username} at {ProxyEndpoint} until {ExpiresAt:u}";
}
