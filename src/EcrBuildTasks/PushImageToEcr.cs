using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>Pushes the image. The token is fetched and used in here and never leaves as an output.</summary>
public sealed class PushImageToEcr : EcrTask
{
    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (requests[0].Source is null)
        {
            Reporter.Report(SettingDiagnosis.ImageNotMade());
            return;
        }

        var outcomes = await pipeline.PushAsync(
            requests,
            request => new ProgressLines(
                line => Log.LogMessage(MessageImportance.Normal, "{0}", line),
                line => Log.LogMessage(MessageImportance.High, "{0}", line),
                request.NameAmong(requests),
                TimeProvider.System
            ),
            cancellationToken
        );
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            if (outcome.Result is { } result)
            {
                Output(result);
            }

            Reporter.Report(outcome, FolderOf(request, requests));
        }

        if (PushedImages.Length > 0 && Settings.DebugNote is { } note)
        {
            Reporter.AddNote(note);
        }
    }
}
