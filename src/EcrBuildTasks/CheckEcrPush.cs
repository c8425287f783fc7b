using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
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
            ResultsOf(request, requests).Clear();
        }

        Files =
        [
            .. requests
                .SelectMany(request => ResultFiles.All.Select(ResultsOf(request, requests).PathOf))
                .Append(Path.Combine(ResultDirectory, ResultFiles.Archive))
                .Select(file => new TaskItem(file)),
        ];
        var settings = new ProjectSettings(Project, GlobalProperties());
        IReadOnlyList<EcrDiagnostic> wrong = [.. settings.Check()];
        Report(wrong);
        if (Log.HasLoggedErrors)
        {
            TellPipeline([], wrong, []);
            return;
        }

        requests = [.. requests.Select(request => request with { TagsMayChange = settings.VersionMayChange })];
        ImageTags = [.. requests[0].Tags];
        if (requests[0].Tags.Count == 0)
        {
            Log.LogMessage(
                MessageImportance.High,
                "The preflight does not check the image tag: the .NET SDK makes it from the time of the build (AutoGenerateImageTag)."
            );
        }

        var outcomes = await Task.WhenAll(
            requests.Select(request =>
                Task.Run(() => pipeline.PreflightAsync(request, cancellationToken), cancellationToken)
            )
        );
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            Tell(outcome, ResultsOf(request, requests));
        }

        IsSkipped = outcomes.All(outcome => outcome is { Succeeded: true, Skipped: not null });
        PushResult[] skipped = IsSkipped ? [.. outcomes.Select(outcome => outcome.Skipped!)] : [];
        foreach (var (request, result) in requests.Zip(skipped))
        {
            Tell(result, ResultsOf(request, requests));
        }

        TellPipeline(
            skipped,
            [.. wrong, .. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );
    }

    private IReadOnlyDictionary<string, string> GlobalProperties() =>
        BuildEngine is IBuildEngine6 engine
            ? engine.GetGlobalProperties()
            : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    private void Tell(PreflightOutcome outcome, ResultFolder results)
    {
        Report(outcome.Diagnostics, outcome.Fixes, results);
        if (outcome.Report is not { } report)
        {
            return;
        }

        Write(results, ResultFiles.Preflight, ResultFiles.ToJson(report, outcome.Diagnostics));
        foreach (var line in PreflightWords.Lines(report))
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", line);
        }

        if (outcome.Succeeded && Verdict(report) is { } verdict)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"Preflight: {verdict}");
        }
    }

    /// <returns><see langword="null"/> where a warning has said that there is none.</returns>
    private static string? Verdict(PreflightReport report) =>
        PreflightWords.OnPush(report)
        ?? (
            report.Permission is Permission.Allowed
                ? $"{report.Caller.Arn} (from {report.CredentialsSource}) may push to {report.Image}, as far as AWS tells."
                : null
        );
}
