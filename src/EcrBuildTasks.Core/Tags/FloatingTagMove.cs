namespace EcrBuildTasks.Tags;

/// <summary>What became of a floating tag.</summary>
/// <param name="Tag">The tag, such as <c>1.4</c> or <c>latest</c>.</param>
/// <param name="HeldBy">The tag of the higher version that it points to; <see langword="null"/> if it points to the image.</param>
internal sealed record FloatingTagMove(string Tag, string? HeldBy)
{
    /// <summary>Whether the tag now points to the pushed image.</summary>
    public bool IsMoved => HeldBy is null;
}
