using System.Text;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>Errors for an image that cannot be pushed.</summary>
internal static class InvalidImage
{
    private const int LongestName = 200;

    /// <param name="path">The archive or folder.</param>
    /// <param name="trouble">What is wrong and in which file, without a period.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    /// <param name="cause">The exception that revealed it.</param>
    public static PushException Create(
        string path,
        string trouble,
        string remedy = "Build or save the image again.",
        Exception? cause = null
    ) => new(EcrCode.ArchiveInvalid, $"The image {path} cannot be pushed: {trouble}. {remedy}", innerException: cause);

    /// <summary>An untrusted name from an archive, made safe for a single-line message.</summary>
    public static string Shown(string? name)
    {
        if (name is null)
        {
            return "(no name)";
        }

        var shown = new StringBuilder(Math.Min(name.Length, LongestName));
        foreach (var rune in name.EnumerateRunes())
        {
            if (shown.Length >= LongestName)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}
