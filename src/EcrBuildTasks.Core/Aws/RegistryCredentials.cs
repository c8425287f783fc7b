using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A username and a password (for ECR <c>AWS</c> and the authorization token), and the one host that they may be sent to; never
/// logged. Outside of tests an ECR authorization makes them, which checks the host, or a login to the registry of a base image.
/// </summary>
public sealed class RegistryCredentials
{
    internal RegistryCredentials(
        string host,
        string username,
        string password,
        DateTimeOffset? expiresAt = null,
        bool usePlainHttp = false
    )
    {
        (Host, Username, Password, ExpiresAt, UsePlainHttp) = (host, username, password, expiresAt, usePlainHttp);
        OutgoingText.AddSecret(password);
    }

    /// <summary>The registry's <c>host</c> or <c>host:port</c>.</summary>
    public string Host { get; }

    public string Username { get; }

    public string Password { get; }

    /// <summary>When the password ends, if that is known: a long push renews it a little before.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Whether the host speaks plain HTTP, as an emulator does.</summary>
    public bool UsePlainHttp { get; }

    public Uri Address => new($"{(UsePlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{Host}");

    public override string ToString() => $"{Username}:***";
}
