using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The names by which one of several images is chosen.</summary>
internal static class ImageNames
{
    private const string ReferenceName = "org.opencontainers.image.ref.name";
    private const string FullName = "io.containerd.image.name";
    private const int MostListed = 20;

    // What Docker leaves out of a name that people write.
    private static readonly string[] UnwrittenPrefixes = ["", "docker.io/", "docker.io/library/"];

    public static string? Of(Descriptor image) =>
        image.Annotations?.GetValueOrDefault(ReferenceName) ?? image.Annotations?.GetValueOrDefault(FullName);

    public static bool Matches(Descriptor image, string name) =>
        image.Annotations?.GetValueOrDefault(ReferenceName) == name
        || (
            image.Annotations?.GetValueOrDefault(FullName) is { } full
            && Array.Exists(UnwrittenPrefixes, prefix => full == prefix + name)
        );

    public static string Describe(Descriptor image) =>
        Of(image)
        ?? $"{image.Digest}{(image.Platform?.ToString() is { Length: > 0 } platform ? $" ({platform})" : "")} without a name";

    public static PushException Undecided(string path, string? name, IEnumerable<string> images)
    {
        var all = images.Select(InvalidImage.Shown).ToList();
        var list = string.Join(", ", all.Take(MostListed)) + (all.Count > MostListed ? ", …" : "");
        return name is null
            ? InvalidImage.Of(
                path,
                $"it holds {all.Count} images, and only one can be pushed: {list}",
                $"Name the one to push: {path}:NAME."
            )
            : InvalidImage.Of(
                path,
                $"it holds not exactly one image of the name {InvalidImage.Shown(name)}, but {list}",
                "Name one of these."
            );
    }
}
