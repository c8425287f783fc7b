namespace EcrBuildTasks.Push;

/// <summary>A registry's username and password (for ECR <c>AWS</c> and the authorization token); never logged.</summary>
public sealed class RegistryCredentials(string username, string password)
{
    /// <summary>The username.</summary>
    public string Username { get; } = username;

    /// <summary>The password.</summary>
    public string Password { get; } = password;

    /// <summary>The username and asterisks.</summary>
    public override string ToString() => $"{Username}:***";
}
