using EcrBuildTasks.Diagnostics;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>The preflight: fails the build before it compiles when the push would be forbidden.</summary>
public sealed class CheckEcrPush : EcrTask
{
    /// <summary>The names of the properties that exist, to find misspelt ones by.</summary>
    public string[] KnownProperties { get; set; } = [];

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        new ResultFolder(ResultDirectory).Clear();
        foreach (var request in requests)
        {
            ResultsOf(request, requests).Clear();
        }

        var preflights = requests
            .Select(request => Task.Run(() => pipeline.PreflightAsync(request, cancellationToken), cancellationToken))
            .ToList();
        var misspelt = new PropertyNames(KnownProperties);
        var globalProperties = BuildEngine is IBuildEngine6 engine ? engine.GetGlobalProperties().Keys : [];
        Report(misspelt.Unknown([.. globalProperties, .. PropertyNames.Of(ProjectFile)]));
        foreach (var (request, preflight) in requests.Zip(preflights))
        {
            Tell(await preflight, ResultsOf(request, requests));
        }

        var outcomes = await Task.WhenAll(preflights);
        TellPipeline(
            [],
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );
    }

    private void Tell(PreflightOutcome outcome, ResultFolder results)
    {
        Report(outcome.Diagnostics, outcome.Fixes, results);
        if (outcome.Report is not { } report)
        {
            return;
        }

        results.Write(ResultFiles.Preflight, ResultFiles.ToJson(report, outcome.Diagnostics));
        foreach (var line in PreflightWords.Lines(report))
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", line);
        }

        if (outcome.Succeeded)
        {
            Log.LogMessage(
                MessageImportance.High,
                "{0}",
                $"Preflight: {report.Caller.Arn} (from {report.CredentialsSource}) may push to {report.Image}, as far as AWS tells."
            );
        }
    }
}
