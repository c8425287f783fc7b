namespace EcrBuildTasks.Push;

/// <summary>A registry's username and password (for ECR <c>AWS</c> and the authorization token); never logged.</summary>
public sealed class RegistryCredentials(string username, string password, DateTimeOffset? expiresAt = null)
{
    /// <summary>The username.</summary>
    public string Username { get; } = username;

    /// <summary>The password.</summary>
    public string Password { get; } = password;

    /// <summary>When the password ends, if that is known: a long push renews it a little before.</summary>
    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    /// <summary>The username and asterisks.</summary>
    public override string ToString() => $"{Username}:***";
}
