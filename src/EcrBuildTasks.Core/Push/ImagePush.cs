using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Push;

/// <summary>What to push and where to.</summary>
internal sealed class ImagePush
{
    /// <summary>Where the image is now.</summary>
    public required ImageSource Source { get; init; }

    /// <summary>The registry's <c>host</c> or <c>host:port</c>, as it will stand in the image's reference.</summary>
    public required string RegistryHost { get; init; }

    /// <summary>Whether the registry speaks plain HTTP; a host that is not this machine is never sent credentials that way.</summary>
    public bool UsePlainHttp { get; init; }

    /// <summary>
    /// Whether the registry takes no password itself, but a token that it gives for one, as ECR Public does. Engines find that
    /// out for themselves.
    /// </summary>
    public bool HasTokenService { get; init; }

    /// <summary>
    /// Another repository of the same registry that may hold some of the layers, such as that of the base image: they are
    /// mounted from there where the registry allows it, and else sent. Engines decide about that for themselves.
    /// </summary>
    public string? MountFrom { get; init; }

    /// <summary>The repository's name within the registry, for instance <c>team/hello-api</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>At least one tag.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public required IReadOnlyList<string> Tags
    {
        get;
        init =>
            field = value is [_, ..]
                ? value
                : throw new ArgumentException("At least one tag is required to push an image.", nameof(value));
    }

    /// <summary>
    /// Gives the registry's username and password. Called once, and again only when the registry has refused the answer or
    /// it is about to expire: then the next answer must be a new one. Credentials of another host than <see cref="RegistryHost"/>
    /// are not used.
    /// </summary>
    public required Func<CancellationToken, Task<RegistryCredentials>> GetCredentials
    {
        get;
        init =>
            field = async cancellationToken =>
                await value(cancellationToken) is var credentials && credentials.Host == RegistryHost
                    ? credentials
                    : throw new InvalidOperationException(
                        $"The credentials of {credentials.Host} are not for {RegistryHost}."
                    );
    }
}
