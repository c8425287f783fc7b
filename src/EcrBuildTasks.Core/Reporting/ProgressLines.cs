using System.Globalization;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Reporting;

/// <summary>
/// A running push in lines of a log: one for each layer that is done, and during a long push one every few seconds with the
/// throughput and the remaining time.
/// </summary>
/// <param name="target">The registry, where there are several.</param>
public sealed class ProgressLines(
    Action<string> writeDetail,
    Action<string> writeImportant,
    string? target,
    TimeProvider clock
) : IProgress<PushProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long Sent, long Total)> _layers = new(StringComparer.Ordinal);
    private readonly long _started = clock.GetTimestamp();
    private long _lastLine = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Report(PushProgress value)
    {
        var prefix = target is null ? $"  {value.Tag}" : $"  {target} {value.Tag}";
        if (value.Trouble is { } trouble)
        {
            writeImportant(OutgoingText.ToLine($"{prefix}: layer {value.LayerId}: {trouble}"));
            return;
        }

        if (value.Status is LayerStatus.Pushing or LayerStatus.Pushed)
        {
            _layers[value.LayerId] = (value.Current, value.Total);
        }

        if (value.Status is not LayerStatus.Pushing)
        {
            writeDetail(OutgoingText.ToLine($"{prefix}: layer {value.LayerId} {Words(value)}"));
        }
        else if (clock.GetElapsedTime(_lastLine) >= Interval)
        {
            _lastLine = clock.GetTimestamp();
            writeImportant(OutgoingText.ToLine($"{prefix}: {Pace()}"));
        }
    }

    private string Pace()
    {
        var (sent, total) = (_layers.Values.Sum(layer => layer.Sent), _layers.Values.Sum(layer => layer.Total));
        var bytesPerSecond = sent / clock.GetElapsedTime(_started).TotalSeconds;
        var left = bytesPerSecond > 0 ? TimeSpan.FromSeconds((total - sent) / bytesPerSecond) : TimeSpan.MaxValue;
        return $"{Size(sent)} of {Size(total)}, {Size((long)bytesPerSecond)}/s, about {Duration(left)} left";
    }

    private static string Words(PushProgress layer) =>
        layer.Status switch
        {
            LayerStatus.AlreadyExists => "exists already",
            LayerStatus.Mounted => "mounted from another repository",
            _ => $"pushed ({Size(layer.Total)})",
        };

    /// <summary>A number of bytes in words.</summary>
    public static string Size(long bytes) =>
        bytes switch
        {
            >= 1_000_000_000 => (bytes / 1e9).ToString("0.00 GB", CultureInfo.InvariantCulture),
            >= 1_000_000 => (bytes / 1e6).ToString("0.0 MB", CultureInfo.InvariantCulture),
            >= 1_000 => (bytes / 1e3).ToString("0 KB", CultureInfo.InvariantCulture),
            _ => $"{bytes} B",
        };

    public static string Duration(TimeSpan time) =>
        time switch
        {
            { TotalHours: >= 100 } => "very long",
            { TotalMinutes: >= 60 } => $"{(int)time.TotalHours} h {time.Minutes} min",
            { TotalSeconds: >= 60 } => $"{time.Minutes} min {time.Seconds} s",
            _ => $"{Math.Max(1, (int)time.TotalSeconds)} s",
        };
}
