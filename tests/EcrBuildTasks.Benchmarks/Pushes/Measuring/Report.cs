namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>The table that people read.</summary>
internal static class Report
{
    public static void Heading(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
    }

    public static void Note(string text) => Console.WriteLine("  " + text);

    /// <summary>The times of a series, and what that is a second.</summary>
    public static void Times(Series series, long length) =>
        Console.WriteLine(
            $"  {series.Name, -42} median {series.Median, 8:F3} s  least {series.Least, 8:F3} s  {length / 1e6 / series.Median, 7:N0} MB/s"
        );

    /// <summary>The times of a series.</summary>
    public static void Seconds(Series series) =>
        Console.WriteLine($"  {series.Name, -42} median {series.Median, 8:F4} s  least {series.Least, 8:F4} s");

    /// <summary>How one series stands to another: the medians decide.</summary>
    public static void Ratio(Series ours, Series peer, double? goal) =>
        Figure(
            $"{ours.Name} / {peer.Name}",
            $"{ours.Median / peer.Median:F2} (least {ours.Least / peer.Least:F2})",
            goal is { } most ? $"<= {most:F2}" : null,
            ours.Median / peer.Median <= goal
        );

    public static void Figure(string name, string value, string? goal = null, bool met = true) =>
        Console.WriteLine(
            $"  {name, -56} {value, -24}{(goal is null ? "" : $" goal {goal, -10} {(met ? "met" : "MISSED")}")}".TrimEnd()
        );
}
