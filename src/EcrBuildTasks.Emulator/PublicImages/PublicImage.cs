namespace EcrBuildTasks.Emulator;

/// <summary>
/// A tiny base image without programs, for builds that bring all they need: one layer, the same bytes on every machine, as an OCI index
/// over its platforms.
/// </summary>
/// <param name="Name">The repository's name; it begins with <c>public/</c>.</param>
/// <param name="Tag">The tag.</param>
public sealed record PublicImage(string Name, string Tag)
{
    /// <summary>The platforms, such as <c>linux/amd64</c>; amd64 and arm64 unless set.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = ["linux/amd64", "linux/arm64"];
}
