using IO = System.IO;

namespace EcrBuildTasks.Images;

/// <summary>The files of a folder. A link out of the folder is not followed: it could push files that are not part of the image.</summary>
internal sealed class FolderFiles(string path) : ImageFiles(path)
{
    private const int MostLinks = 40;

    protected override ImageFile? FindInside(string name)
    {
        try
        {
            var info = new FileInfo(Follow(name));
            return info.Exists ? new ImageFile(name, info.FullName, 0, info.Length) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw InvalidImage.Create(
                Path,
                $"its file {InvalidImage.Shown(name)} cannot be read: {InvalidImage.Shown(failure.Message)}",
                cause: failure
            );
        }
    }

    /// <summary>The path of a file without any link, of which the ones on the way can lead out of the folder, too.</summary>
    private string Follow(string name)
    {
        var root = IO.Path.TrimEndingDirectorySeparator(IO.Path.GetFullPath(Path));
        var parts = new Stack<string>(name.Split('/').Reverse());
        var file = root;
        for (var links = 0; parts.TryPop(out var part); )
        {
            file = IO.Path.Combine(file, part);
            if (new FileInfo(file) is not { LinkTarget: not null } link)
            {
                continue;
            }

            var target = link.ResolveLinkTarget(returnFinalTarget: false)!.FullName;
            if (
                !$"{target}{IO.Path.DirectorySeparatorChar}".StartsWith(
                    $"{root}{IO.Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal
                )
            )
            {
                throw InvalidImage.Create(
                    Path,
                    $"its file {InvalidImage.Shown(name)} is a link to a target outside the folder: {InvalidImage.Shown(target)}",
                    "If you trust the links, copy the layout with the links resolved (cp -rL)."
                );
            }

            if (++links > MostLinks)
            {
                throw InvalidImage.Create(Path, $"its file {InvalidImage.Shown(name)} is a link without a target");
            }

            // The target begins again at the folder, because it may lead through links itself.
            foreach (var next in IO.Path.GetRelativePath(root, target).Split(IO.Path.DirectorySeparatorChar).Reverse())
            {
                parts.Push(next);
            }

            file = root;
        }

        return file;
    }
}
