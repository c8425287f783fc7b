using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Images;

/// <summary>Errors for an image that cannot be pushed.</summary>
internal static class InvalidImage
{
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

    /// <summary>A name from an image, for a message.</summary>
    public static string Shown(string? name) => name is null ? "(no name)" : new UntrustedText(name).ToString();
}
