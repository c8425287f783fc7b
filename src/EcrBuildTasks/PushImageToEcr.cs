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
            var missing = SettingDiagnosis.ImageNotMade();
            Report(missing);
            TellPipeline([], [missing], []);
            return;
        }

        var outcomes = await pipeline.PushAsync(requests, ObserverOf, cancellationToken);
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            if (outcome.Result is { } result)
            {
                Tell(result, ResultsOf(request, requests));
            }

            Report(outcome.Diagnostics, outcome.Fixes, ResultsOf(request, requests));
        }

        if (
            Project["Configuration"] is "Debug"
            && Project["EcrSourceImage"] is null
            && outcomes.Any(pushed => pushed.Result is not null)
        )
        {
            Log.LogMessage(
                MessageImportance.High,
                "  This is a Debug build. For a Release build, use dotnet publish /t:PushToEcr or add -c Release."
            );
        }

        TellPipeline(
            [.. outcomes.Select(outcome => outcome.Result).OfType<PushResult>()],
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );

        ProgressLines ObserverOf(PushRequest request) =>
            new(
                line => Log.LogMessage(MessageImportance.Normal, "{0}", line),
                requests.Count > 1 ? request.Registry : null,
                TimeProvider.System
            );
    }
}
