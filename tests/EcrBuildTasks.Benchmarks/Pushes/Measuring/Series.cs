namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>What one push took, round by round.</summary>
internal sealed record Series(string Name, IReadOnlyList<TimeSpan> Times)
{
    public double Median => Times.Select(time => time.TotalSeconds).Order().ElementAt(Times.Count / 2);

    /// <summary>On a machine that does other things too, the least is what it can do.</summary>
    public double Least => Times.Min(time => time.TotalSeconds);
}
