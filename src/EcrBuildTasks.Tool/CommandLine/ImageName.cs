using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>An image as typed by the user: <c>host/repository:tag</c>, or <c>repository:tag</c> in the caller's own registry.</summary>
/// <param name="Registry">The registry, if given.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Tag">The tag; <c>latest</c> by default, as in Docker.</param>
/// <param name="Digest">The digest, if given.</param>
internal sealed record ImageName(string? Registry, string Repository, string Tag, string? Digest)
{
    private const string DefaultTag = "latest";

    /// <summary>Parses an image; the registry is validated here, the other parts when they are used.</summary>
    /// <exception cref="ReferenceFormatException">The host is not an ECR registry.</exception>
    public static ImageName Parse(string text)
    {
        var address = ImageAddress.FromText(text);
        var (registry, repository) = address.Locate();
        return new(registry?.ToString(), repository, address.Tag ?? DefaultTag, address.Digest);
    }

    /// <summary>The image with its tag.</summary>
    public override string ToString() =>
        $"{(Registry is null ? "" : Registry + "/")}{Repository}:{Tag}{(Digest is null ? "" : "@" + Digest)}";
}
