using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using Microsoft.Build.Framework;

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

    /// <summary>
    /// The project files of a solution that are pushed in this build, this one among them, each with the metadata
    /// <c>ResultDirectory</c>; none outside of a solution. All their preflights have been made.
    /// </summary>
    public ITaskItem[] Solution { get; set; } = [];

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        string[] failed =
        [
            .. Solution
                .Where(project => new ResultFolder(project.GetMetadata("ResultDirectory")).Has(ResultFiles.PushFailed))
                .Select(project => Path.GetFileNameWithoutExtension(project.ItemSpec)),
        ];
        if (failed.Length > 0)
        {
            var heldBack = SettingDiagnosis.PushOfSolutionFailed(Repository, failed);
            Report([heldBack]);
            TellPipeline([], [heldBack], []);
            return;
        }

        var succeeded = false;
        try
        {
            await PushAsync(pipeline, requests, cancellationToken);
            succeeded = !Log.HasLoggedErrors;
        }
        finally
        {
            if (!succeeded && Solution.Length > 0)
            {
                new ResultFolder(ResultDirectory).Write(ResultFiles.PushFailed, Repository);
            }
        }
    }

    private async Task PushAsync(
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
            if (outcome.Result is { } result)
            {
                Tell(result, ResultsOf(request, complete));
            }

            Report(outcome.Diagnostics, outcome.Fixes, ResultsOf(request, complete));
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
}
