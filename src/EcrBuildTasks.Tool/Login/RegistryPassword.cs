using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Login;

/// <summary>A password for other programs.</summary>
/// <param name="Credentials">The username, the password and the host that takes them.</param>
/// <param name="Session">Whose password it is.</param>
internal sealed record RegistryPassword(RegistryCredentials Credentials, AwsSession Session)
{
    /// <summary>Whether it was kept from an earlier run, and AWS was not asked.</summary>
    public bool WasKept { get; init; }
}
