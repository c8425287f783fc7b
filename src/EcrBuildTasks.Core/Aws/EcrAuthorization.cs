using System.Text;
using Amazon.Runtime;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Aws;

/// <summary>A registry password. It is kept in memory only; <see cref="ToString"/> leaves it out.</summary>
public sealed class EcrAuthorization(string username, string password, Uri proxyEndpoint, DateTimeOffset expiresAt)
{
    private const string PublicEndpoint = "https://public.ecr.aws";

    /// <summary>The user to log in as: <c>AWS</c>.</summary>
    public string Username { get; } = username;

    /// <summary>The password: a secret.</summary>
    public string Password { get; } = password;

    /// <summary>The registry that ECR names for the password; an emulator or a proxy names itself.</summary>
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
    /// <exception cref="AmazonClientException">There is no usable token in it.</exception>
    internal static EcrAuthorization Of(GetAuthorizationTokenResponse answer, RegistryKind kind)
    {
        if (
            answer.AuthorizationData is not [{ AuthorizationToken: { } token } data, ..]
            || Decode(token) is not [var username, var password]
            // ECR Public has one host only, and does not name it.
            || (data.ProxyEndpoint ?? (kind is RegistryKind.Public ? PublicEndpoint : null)) is not { } endpoint
        )
        {
            throw new AmazonClientException("ECR answered GetAuthorizationToken without a usable token.");
        }

        return new(
            username,
            password,
            new Uri(endpoint),
            new DateTimeOffset(data.ExpiresAt ?? DateTime.MaxValue.ToUniversalTime())
        );
    }

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
