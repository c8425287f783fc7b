namespace EcrBuildTasks.Tags;

/// <summary>What git has checked out, read from its files: no git has to be installed.</summary>
/// <param name="Commit">The commit's id; <see langword="null"/> before the first commit, or if the files do not contain it.</param>
/// <param name="Branch">The branch; <see langword="null"/> for a commit that was checked out by itself.</param>
/// <remarks>https://git-scm.com/docs/gitrepository-layout</remarks>
internal sealed record GitHead(string? Commit, string? Branch)
{
    private const string Reference = "ref: ";
    private const string Branches = "refs/heads/";

    /// <returns><see langword="null"/> where neither the folder nor one above it is of a git repository.</returns>
    public static GitHead? Find(string folder)
    {
        try
        {
            for (var place = new DirectoryInfo(folder); place is not null; place = place.Parent)
            {
                if (FolderOfGit(Path.Combine(place.FullName, ".git")) is { } git)
                {
                    return Read(git);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As good as none.
        }

        return null;
    }

    /// <summary>The .git folder, which is a file in linked worktrees and in submodules.</summary>
    private static string? FolderOfGit(string path) =>
        Directory.Exists(path) ? path
        : File.Exists(path) && Line(path) is { } line && line.StartsWith("gitdir: ", StringComparison.Ordinal)
            ? Path.Combine(Path.GetDirectoryName(path)!, line["gitdir: ".Length..])
        : null;

    private static GitHead? Read(string git)
    {
        if (Line(Path.Combine(git, "HEAD")) is not { } head)
        {
            return null;
        }

        if (!head.StartsWith(Reference, StringComparison.Ordinal))
        {
            return new(head, Branch: null);
        }

        var reference = head[Reference.Length..];
        // All worktrees of a repository have their branches in one place.
        var shared = Line(Path.Combine(git, "commondir")) is { } common ? Path.Combine(git, common) : git;
        return new(
            Line(Path.Combine(shared, reference)) ?? Packed(Path.Combine(shared, "packed-refs"), reference),
            reference.StartsWith(Branches, StringComparison.Ordinal) ? reference[Branches.Length..] : null
        );
    }

    private static string? Packed(string file, string reference) =>
        File.Exists(file)
            ? File.ReadLines(file)
                .Select(line => line.Split(' '))
                .FirstOrDefault(parts => parts is [_, var name] && name == reference)
                ?[0]
            : null;

    private static string? Line(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault() : null;
}
