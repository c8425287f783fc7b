namespace EcrBuildTasks.Reporting;

/// <summary>The floating tags that a push left alone, in lines of a build log; those that it moved are among what it pushed.</summary>
public static class FloatingTagLines
{
    /// <summary>A line for each version that holds some of them.</summary>
    public static IEnumerable<string> Of(PushResult result) =>
        result
            .FloatingTags.Where(move => !move.IsMoved)
            .GroupBy(move => move.HeldBy, StringComparer.Ordinal)
            .Select(held =>
                $"  Left alone: {string.Join(", ", held.Select(move => move.Tag))}, since {held.Key} is higher"
            );
}
