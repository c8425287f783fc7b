using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>Pushes the image. The token is fetched and used in here and never leaves as an output.</summary>
public sealed class PushImageToEcr : EcrTask
{
    /// <summary>The archive that the .NET SDK wrote, or what the property <c>EcrSourceImage</c> names.</summary>
    [Required]
    public string SourceImage { get; set; } = "";

    /// <summary>The registry of the base image, as the .NET SDK names it.</summary>
    public string BaseImageRegistry { get; set; } = "";

    /// <summary>The repository of the base image, as the .NET SDK names it.</summary>
    public string BaseImageRepository { get; set; } = "";

    /// <summary>The property <c>EcrImageUri</c>: the reference of the first tag in the first registry.</summary>
    [Output]
    public string ImageUri { get; set; } = "";

    /// <summary>The property <c>EcrImageDigest</c>.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>The items <c>EcrPushedImage</c>, one for each tag in each registry.</summary>
    [Output]
    public ITaskItem[] PushedImages { get; set; } = [];

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        var source = ImageSource.Parse(SourceImage);
        IReadOnlyList<PushRequest> complete =
        [
            .. requests.Select(request =>
                request with
                {
                    Source = source,
                    BaseImageRegistry = BaseImageRegistry,
                    BaseImageRepository = BaseImageRepository,
                }
            ),
        ];
        var outcomes = await pipeline.PushAsync(complete, ObserverOf, cancellationToken);
        foreach (var (request, outcome) in complete.Zip(outcomes))
        {
            Report(outcome.Diagnostics, outcome.Fixes, ResultsOf(request, complete));
            if (outcome.Result is { } result)
            {
                Tell(result, ResultsOf(request, complete));
            }
        }

        TellPipeline(
            [.. outcomes.Select(outcome => outcome.Result).OfType<PushResult>()],
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );

        ProgressLines ObserverOf(PushRequest request) =>
            new(
                line => Log.LogMessage(MessageImportance.Normal, "{0}", line),
                complete.Count > 1 ? request.Registry : null,
                TimeProvider.System
            );
    }

    private void Tell(PushResult result, ResultFolder results)
    {
        var pushed = result.Pushed;
        if (ImageUri.Length == 0)
        {
            ImageUri = result.UriOf(pushed.Tags[0]);
            ImageDigest = pushed.Digest;
        }

        PushedImages = [.. PushedImages, .. pushed.Tags.Select(tag => Item(result, tag))];
        results.Write(ResultFiles.Push, ResultFiles.ToJson(result));
        foreach (var tag in pushed.Tags)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"Pushed {result.UriOf(tag)}@{pushed.Digest}");
        }

        foreach (var line in FloatingTagLines.Of(result))
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }

        Log.LogMessage(MessageImportance.High, "{0}", $"  {ProgressLines.Totals(result)}");
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
}
