using IO = System.IO;

namespace EcrBuildTasks.Images;

/// <summary>The files of a folder. A link out of the folder is not followed: it could push files that are not part of the image.</summary>
internal sealed class FolderFiles(string path) : ImageFiles(path)
{
    protected override ImageFile? FindInside(string name)
    {
        var file = Path;
        try
        {
            foreach (var part in name.Split('/'))
            {
                file = IO.Path.Combine(file, part);
                RequireInside(name, file);
            }

            var info = new FileInfo(file);
            return info.Exists ? new ImageFile(name, file, 0, LengthOf(info)) : null;
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

    private static long LengthOf(FileInfo file) =>
        file.LinkTarget is null ? file.Length : ((FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!).Length;

    private void RequireInside(string name, string file)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is null)
        {
            return;
        }

        var target = info.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (
            !target.StartsWith(
                IO.Path.TrimEndingDirectorySeparator(Path) + IO.Path.DirectorySeparatorChar,
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
    }
}
