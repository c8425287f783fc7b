using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Login;

/// <summary>A password for other programs.</summary>
/// <param name="Credentials">The username, the password and the host that accepts them.</param>
/// <param name="Session">The session that owns the password.</param>
internal sealed record RegistryPassword(RegistryCredentials Credentials, AwsSession Session)
{
    /// <summary>Whether it was cached by an earlier run, without calling AWS.</summary>
    public bool WasKept { get; init; }
}
