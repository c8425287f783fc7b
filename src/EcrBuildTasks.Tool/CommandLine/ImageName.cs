using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>An image as people write it: <c>host/repository:tag</c>, or <c>repository:tag</c> in the caller's own registry.</summary>
/// <param name="Registry">The registry, if one was written.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Tag">The tag; <c>latest</c> unless one was written, as docker has it.</param>
/// <param name="Digest">The digest, if one was written.</param>
internal sealed record ImageName(string? Registry, string Repository, string Tag, string? Digest)
{
    private const string DefaultTag = "latest";

    /// <summary>Reads an image; but for the registry, what it is made of is checked when it is used.</summary>
    /// <exception cref="ReferenceFormatException">What is written before the repository is no ECR registry.</exception>
    public static ImageName Parse(string text)
    {
        var address = ImageAddress.Of(text);
        var (registry, repository) = address.Locate();
        return new(registry?.ToString(), repository, address.Tag ?? DefaultTag, address.Digest);
    }

    /// <summary>The image as it was written, with its tag.</summary>
    public override string ToString() =>
        $"{(Registry is null ? "" : Registry + "/")}{Repository}:{Tag}{(Digest is null ? "" : "@" + Digest)}";
}
