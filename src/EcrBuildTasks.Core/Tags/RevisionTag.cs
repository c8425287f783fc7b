using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Tags for the commit and the branch of an image.</summary>
internal static class RevisionTag
{
    /// <summary>The tag of a commit: its id.</summary>
    /// <exception cref="ReferenceFormatException">No letter or digit of it can be in a tag.</exception>
    public static string OfCommit(string commit) => Of("commit", commit);

    /// <summary>The tag of a branch: its name, with <c>-</c> for what a tag cannot have.</summary>
    /// <exception cref="ReferenceFormatException">No letter or digit of it can be in a tag.</exception>
    public static string OfBranch(string branch) => Of("branch", branch);

    private static string Of(string kind, string name)
    {
        if (!name.Any(char.IsAsciiLetterOrDigit))
        {
            throw new ReferenceFormatException(
                ReferencePart.Tag,
                name,
                $"is a {kind} of which no tag can be made",
                "A tag is made of the letters a to z, digits, . _ and -."
            );
        }

        var tag = ImageTags.Mended(name.Trim());
        // A branch 1.4 must neither move a floating tag nor pass for a version.
        return tag == FloatingTag.Latest || VersionTag.TryRead(tag, out _) ? ImageTags.Mended($"{kind}-{tag}") : tag;
    }
}
