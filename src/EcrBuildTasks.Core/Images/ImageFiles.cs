using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The members of an archive or a layout, found by name. Names are those of a foreign hand: none leads out.</summary>
/// <param name="path">The archive or folder as its owner knows it.</param>
internal abstract class ImageFiles(string path)
{
    /// <summary>The archive or folder as its owner knows it, for messages.</summary>
    public string Path { get; } = path;

    /// <exception cref="PushException">The name leads out of the image, or what stands under it cannot be used.</exception>
    public ImageFile? Find(string name) =>
        Normalize(name) is { } inside
            ? FindInside(inside)
            : throw InvalidImage.Of(
                Path,
                $"it refers to \"{InvalidImage.Shown(name)}\", which is no name of a member",
                "Don't push it unless you know who made it."
            );

    /// <param name="name">The member's name.</param>
    /// <param name="namedBy">The member that refers to it.</param>
    /// <exception cref="PushException">There is no such member.</exception>
    public ImageFile Get(string name, string namedBy) =>
        Find(name)
        ?? throw InvalidImage.Of(
            Path,
            $"it lacks {InvalidImage.Shown(name)}, which {namedBy} names",
            "It may be cut off: build or save the image again."
        );

    /// <param name="name">A name that <see cref="Normalize"/> gave.</param>
    protected abstract ImageFile? FindInside(string name);

    /// <summary>The name's parts joined by slashes; <see langword="null"/> if it is absolute or leads out.</summary>
    protected static string? Normalize(string name)
    {
        if (
            name.StartsWith('/')
            || name.AsSpan().ContainsAny('\\', '\0', ':') && !name.StartsWith("sha256:", StringComparison.Ordinal)
        )
        {
            return null;
        }

        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when parts.Count == 0:
                    return null;
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return parts.Count == 0 ? null : string.Join('/', parts);
    }
}
