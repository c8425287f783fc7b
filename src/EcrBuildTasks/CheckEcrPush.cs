using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>The preflight: fails the build before it compiles when the push would be forbidden.</summary>
public sealed class CheckEcrPush : EcrTask
{
    /// <summary>Whether nothing is left to build or push, since every registry has the tags.</summary>
    [Output]
    public bool IsSkipped { get; set; }

    /// <summary>The tags of the image, as far as they are known.</summary>
    [Output]
    public string[] ImageTags { get; set; } = [];

    /// <summary>The files that the push will write, for <c>FileWrites</c>.</summary>
    [Output]
    public ITaskItem[] Files { get; set; } = [];

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        foreach (var request in requests)
        {
            FolderOf(request, requests).Clear();
        }

        Files =
        [
            .. requests
                .SelectMany(request => FolderOf(request, requests).Files)
                .Append(Path.Combine(Project["ResultDirectory"]!, "image.tar.gz"))
                .Select(file => new TaskItem(file)),
        ];
        Reporter.Report(Settings.Check());
        if (Log.HasLoggedErrors)
        {
            return;
        }

        requests = [.. requests.Select(request => request with { TagsMayChange = Settings.VersionMayChange })];
        ImageTags = [.. requests[0].Tags];
        var outcomes = await Task.WhenAll(
            requests.Select(request =>
                Task.Run(() => pipeline.PreflightAsync(request, cancellationToken), cancellationToken)
            )
        );
        IsSkipped = outcomes.All(outcome => outcome is { Succeeded: true, Skipped: not null });
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            Reporter.Report(outcome, FolderOf(request, requests));
            if (IsSkipped)
            {
                Reporter.Report(Output(outcome.Skipped!), FolderOf(request, requests));
            }
            else
            {
                Reporter.ReportVerdict(outcome);
            }
        }
    }
}
