namespace EcrBuildTasks.Tags;

/// <summary>What became of a floating tag.</summary>
/// <param name="Tag">The tag, such as <c>1.4</c> or <c>latest</c>.</param>
/// <param name="HeldBy">The tag of the higher version for which it stands; <see langword="null"/> if it stands for the image.</param>
internal sealed record FloatingTagMove(string Tag, string? HeldBy)
{
    /// <summary>Whether the tag now stands for the image that was pushed.</summary>
    public bool IsMoved => HeldBy is null;
}
