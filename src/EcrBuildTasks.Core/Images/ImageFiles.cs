using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The files of an archive or a layout, by name. Names are untrusted: none may point outside.</summary>
/// <param name="path">The archive or folder as the user wrote it.</param>
internal abstract class ImageFiles(string path)
{
    /// <summary>The archive or folder as the user wrote it, for messages.</summary>
    public string Path { get; } = path;

    /// <exception cref="PushException">The name points outside the image, or its file cannot be used.</exception>
    public ImageFile? Find(string name) =>
        Normalize(name) is { } inside
            ? FindInside(inside)
            : throw InvalidImage.Create(
                Path,
                $"it refers to \"{InvalidImage.Shown(name)}\", which is not a valid file name in an image",
                "Do not push it unless you trust its source."
            );

    /// <param name="name">The name of the file.</param>
    /// <param name="namedBy">The file that refers to it.</param>
    /// <exception cref="PushException">The file is missing.</exception>
    public ImageFile Get(string name, string namedBy) =>
        Find(name)
        ?? throw InvalidImage.Create(
            Path,
            $"{InvalidImage.Shown(name)} is missing, but {namedBy} refers to it",
            "The image may be truncated. Build or save it again."
        );

    /// <param name="name">A name from <see cref="Normalize"/>.</param>
    protected abstract ImageFile? FindInside(string name);

    /// <summary>The name's parts joined by slashes; <see langword="null"/> if it is absolute or points outside.</summary>
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
