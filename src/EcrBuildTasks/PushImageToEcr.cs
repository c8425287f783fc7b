using EcrBuildTasks.Push;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>Pushes the image. The token is fetched and used in here and never leaves as an output.</summary>
public sealed class PushImageToEcr : EcrTask
{
    /// <summary>The archive that the .NET SDK wrote, or what the property <c>EcrSourceImage</c> names.</summary>
    [Required]
    public string SourceImage { get; set; } = "";

    /// <summary>The property <c>EcrImageUri</c>: the reference of the first tag.</summary>
    [Output]
    public string ImageUri { get; set; } = "";

    /// <summary>The property <c>EcrImageDigest</c>.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>The items <c>EcrPushedImage</c>, one for each tag.</summary>
    [Output]
    public ITaskItem[] PushedImages { get; set; } = [];

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        PushRequest request,
        CancellationToken cancellationToken
    )
    {
        var source = ImageSource.Parse(SourceImage);
        var progress = new LayerLines(line => Log.LogMessage(MessageImportance.Normal, "{0}", line));
        var outcome = await pipeline.PushAsync(request with { Source = source }, progress, cancellationToken);
        Report(outcome.Diagnostics, outcome.Fixes);
        if (outcome.Result is { } result)
        {
            Tell(result);
        }
    }

    private void Tell(PushResult result)
    {
        var pushed = result.Pushed;
        ImageUri = result.UriOf(pushed.Tags[0]);
        ImageDigest = pushed.Digest;
        PushedImages = [.. pushed.Tags.Select(tag => Item(result, tag))];
        WriteResult(ResultFiles.Push, ResultFiles.ToJson(result));
        foreach (var tag in pushed.Tags)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"Pushed {result.UriOf(tag)}@{pushed.Digest}");
        }
    }

    private static TaskItem Item(PushResult result, string tag)
    {
        var item = new TaskItem(result.UriOf(tag));
        item.SetMetadata("Uri", result.UriOf(tag));
        item.SetMetadata("Tag", tag);
        item.SetMetadata("Digest", result.Pushed.Digest);
        item.SetMetadata("SizeInBytes", $"{result.Pushed.SizeInBytes}");
        item.SetMetadata("PushedBytes", $"{result.Pushed.PushedBytes}");
        return item;
    }

    /// <summary>One line for each layer, when it is done with.</summary>
    private sealed class LayerLines(Action<string> write) : IProgress<PushProgress>
    {
        public void Report(PushProgress value)
        {
            if (value.Status is not LayerStatus.Pushing)
            {
                write($"  {value.Tag}: layer {value.LayerId} {Words(value.Status)}");
            }
        }

        private static string Words(LayerStatus status) =>
            status switch
            {
                LayerStatus.AlreadyExists => "was there already",
                LayerStatus.Mounted => "mounted from another repository",
                _ => "pushed",
            };
    }
}
