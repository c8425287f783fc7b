namespace EcrBuildTasks.Push;

/// <summary>What to push and where to.</summary>
public sealed class ImagePush
{
    /// <summary>Where the image is now.</summary>
    public required ImageSource Source { get; init; }

    /// <summary>The registry's <c>host</c> or <c>host:port</c>, as it will stand in the image's reference.</summary>
    public required string RegistryHost { get; init; }

    /// <summary>The repository's name within the registry, for instance <c>team/hello-api</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>At least one tag.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>
    /// Gives the registry's username and password. Called once, and a second time only when the registry has refused the
    /// first answer as expired: the second answer must be a new one.
    /// </summary>
    public required Func<CancellationToken, Task<RegistryCredentials>> GetCredentials { get; init; }
}
