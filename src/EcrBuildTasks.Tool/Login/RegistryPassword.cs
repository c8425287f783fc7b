using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Login;

/// <summary>A password and the host that takes it.</summary>
/// <param name="Host">The registry's host; with a port where it is not the usual one.</param>
/// <param name="Authorization">The username and the password.</param>
/// <param name="Session">Whose password it is.</param>
internal sealed record RegistryPassword(string Host, EcrAuthorization Authorization, AwsSession Session)
{
    /// <summary>Whether it was kept from an earlier run, and AWS was not asked.</summary>
    public bool WasKept { get; init; }

    /// <summary>Whether the host speaks no TLS, as an emulator does not.</summary>
    public bool IsPlainHttp => Authorization.ProxyEndpoint.Scheme == Uri.UriSchemeHttp;
}
