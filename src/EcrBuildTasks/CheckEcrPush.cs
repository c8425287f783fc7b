using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>The preflight: fails the build before it compiles when the push would be forbidden.</summary>
public sealed class CheckEcrPush : EcrTask
{
    /// <summary>What every project has that sets none; a target such as MinVer's may set one later.</summary>
    private const string StandardVersion = "1.0.0";

    /// <summary>The names of the properties that exist, to find misspelt ones by.</summary>
    public string[] KnownProperties { get; set; } = [];

    /// <summary>The version of the project as a tag, as far as it is known; the tag of a project that names none.</summary>
    public string Version { get; set; } = "";

    /// <summary>The property <c>EcrSourceImage</c>; empty when the project is yet to be built.</summary>
    public string SourceImage { get; set; } = "";

    /// <summary>Whether nothing is left to build or push, since every registry has the tags.</summary>
    [Output]
    public bool IsSkipped { get; set; }

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

        var globalProperties = BuildEngine is IBuildEngine6 engine ? engine.GetGlobalProperties().Keys : [];
        requests = [.. requests.Select(request => Complete(request, globalProperties))];
        var preflights = requests
            .Select(request => Task.Run(() => pipeline.PreflightAsync(request, cancellationToken), cancellationToken))
            .ToList();
        var misspelt = new PropertyNames(KnownProperties);
        Report(misspelt.Unknown([.. globalProperties, .. PropertyNames.Of(ProjectFile)]));
        foreach (var (request, preflight) in requests.Zip(preflights))
        {
            Tell(await preflight, ResultsOf(request, requests));
        }

        var outcomes = await Task.WhenAll(preflights);
        IsSkipped = outcomes.All(outcome => outcome is { Succeeded: true, Skipped: not null });
        PushResult[] skipped = IsSkipped ? [.. outcomes.Select(outcome => outcome.Skipped!)] : [];
        foreach (var (request, result) in requests.Zip(skipped))
        {
            Tell(result, ResultsOf(request, requests));
        }

        TellPipeline(
            skipped,
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );
    }

    /// <summary>The request with all that is known of the image before the build.</summary>
    private PushRequest Complete(PushRequest request, IEnumerable<string> globalProperties)
    {
        var image = SourceImage.Length == 0 ? request : request with { Source = ImageSource.Parse(SourceImage) };
        var isGiven = globalProperties.Contains("Version", StringComparer.OrdinalIgnoreCase);
        return request.Tags.Count > 0 || Version.Length == 0 || (Version == StandardVersion && !isGiven)
            ? image
            : image with
            {
                Tags = [Version],
                TagsMayChange = !isGiven,
            };
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
