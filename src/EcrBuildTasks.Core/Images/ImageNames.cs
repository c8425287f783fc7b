using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The names that select one of several images.</summary>
internal static class ImageNames
{
    private const string ReferenceName = "org.opencontainers.image.ref.name";
    private const string FullName = "io.containerd.image.name";
    private const int MostListed = 20;

    // The prefixes that Docker adds to a short name.
    private static readonly string[] UnwrittenPrefixes = ["", "docker.io/", "docker.io/library/"];

    public static string? Find(Descriptor image) =>
        image.Annotations?.GetValueOrDefault(ReferenceName) ?? image.Annotations?.GetValueOrDefault(FullName);

    public static bool Matches(Descriptor image, string name) =>
        image.Digest == name
        || image.Annotations?.GetValueOrDefault(ReferenceName) == name
        || (
            image.Annotations?.GetValueOrDefault(FullName) is { } full
            && Array.Exists(UnwrittenPrefixes, prefix => full == prefix + name)
        );

    public static string Describe(Descriptor image) =>
        Find(image)
        ?? $"{image.Digest}{(image.Platform?.ToString() is { Length: > 0 } platform ? $" ({platform})" : "")} without a name";

    public static PushException Undecided(string path, string? name, IEnumerable<string> images)
    {
        var all = images.Select(InvalidImage.Shown).ToList();
        var list = string.Join(", ", all.Take(MostListed)) + (all.Count > MostListed ? ", …" : "");
        return name is null
            ? InvalidImage.Create(
                path,
                $"it contains {all.Count} images, but only one can be pushed: {list}",
                $"Specify the image to push: {path}:NAME."
            )
            : InvalidImage.Create(
                path,
                $"expected exactly one image named {InvalidImage.Shown(name)}, but found {list}",
                "Specify one of these."
            );
    }
}
