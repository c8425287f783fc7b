using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Tags for the commit and the branch of an image.</summary>
internal static class RevisionTag
{
    /// <summary>The tag of a commit: its id.</summary>
    /// <exception cref="ReferenceFormatException">It contains no ASCII letter or digit.</exception>
    public static string OfCommit(string commit) => Create("commit", commit);

    /// <summary>The tag of a branch: its name, with <c>-</c> in place of characters that are not allowed.</summary>
    /// <exception cref="ReferenceFormatException">It contains no ASCII letter or digit.</exception>
    public static string OfBranch(string branch) => Create("branch", branch);

    private static string Create(string kind, string name)
    {
        if (!name.Any(char.IsAsciiLetterOrDigit))
        {
            throw new ReferenceFormatException(
                ReferencePart.Tag,
                name,
                $"cannot be converted from a {kind} to an image tag",
                "A tag consists of ASCII letters, digits, and the characters . _ and -."
            );
        }

        var tag = ImageTags.Mended(name.Trim());
        // A branch named 1.4 must neither move a floating tag nor be treated as a version.
        return tag == FloatingTag.Latest || VersionTag.TryRead(tag, out _) ? ImageTags.Mended($"{kind}-{tag}") : tag;
    }
}
