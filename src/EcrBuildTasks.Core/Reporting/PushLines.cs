using System.Globalization;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Reporting;

/// <summary>A finished push in lines.</summary>
internal static class PushLines
{
    /// <summary>The reference of each tag, with the digest.</summary>
    public static IEnumerable<string> Images(PushResult result) =>
        result.Pushed.Tags.Select(tag => $"{result.UriOf(tag)}@{result.Pushed.Digest}");

    public static IEnumerable<string> Describe(PushResult result) =>
        [Totals(result), .. FloatingTags(result), .. result.IsSkipped ? Array.Empty<string>() : [Caller(result)]];

    public static string Totals(PushResult result)
    {
        if (result.IsSkipped)
        {
            return "exists already, nothing to push";
        }

        var pushed = result.Pushed;
        var existing = pushed.Layers.Count(layer => layer.Status is not LayerStatus.Pushed);
        var seconds = result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string[] parts =
        [
            .. pushed.Platforms,
            $"{ProgressLines.Size(pushed.PushedBytes)} sent of {ProgressLines.Size(pushed.SizeInBytes)}",
            $"{existing} of {pushed.Layers.Count} layers existed already",
            $"{seconds} s",
            result.Route,
        ];
        return string.Join(", ", parts);
    }

    /// <summary>The floating tags that stay where they are, a line for each version that holds some of them.</summary>
    public static IEnumerable<string> FloatingTags(PushResult result) =>
        result
            .FloatingTags.Where(move => !move.IsMoved)
            .GroupBy(move => move.HeldBy, StringComparer.Ordinal)
            .Select(held =>
                $"Not moved, because {held.Key} is higher: {string.Join(", ", held.Select(move => move.Tag))}"
            );

    public static string Caller(PushResult result) =>
        $"Caller: {CallerWords.Describe(result.Caller, result.CredentialsSource)}";
}
