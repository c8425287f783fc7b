namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>
/// A tiny base image without programs, for builds that bring all they need: one layer, the same bytes on every machine, as an OCI index
/// over its platforms.
/// </summary>
/// <remarks>
/// The .NET SDK speaks plain HTTP to <c>localhost:port/name:tag</c> by itself; to <c>127.0.0.1:port</c> only where a Docker Engine or
/// <c>DOTNET_CONTAINER_INSECURE_REGISTRIES</c> tells it to. <c>docker pull</c> needs any login at the emulator first, because the protocol
/// has one challenge for the whole host.
/// </remarks>
/// <param name="Name">The repository's name; it begins with <c>public/</c>.</param>
/// <param name="Tag">The tag.</param>
public sealed record PublicImage(string Name, string Tag)
{
    /// <summary>The platforms, such as <c>linux/amd64</c>; amd64 and arm64 unless set.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = ["linux/amd64", "linux/arm64"];
}
