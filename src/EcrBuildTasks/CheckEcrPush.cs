using EcrBuildTasks.Diagnostics;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>The preflight: fails the build before it compiles when the push would be forbidden.</summary>
public sealed class CheckEcrPush : EcrTask
{
    /// <summary>The names of the properties that exist, to find misspelt ones by.</summary>
    public string[] KnownProperties { get; set; } = [];

    /// <summary>The statements that mend a denial, as a file, where there are any.</summary>
    [Output]
    public string PolicyFixFile { get; set; } = "";

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        PushRequest request,
        CancellationToken cancellationToken
    )
    {
        var misspelt = new PropertyNames(KnownProperties);
        var globalProperties = BuildEngine is IBuildEngine6 engine ? engine.GetGlobalProperties().Keys : [];
        Report(misspelt.Unknown([.. globalProperties, .. PropertyNames.Of(ProjectFile)]));

        var outcome = await pipeline.PreflightAsync(request, cancellationToken);
        if (outcome.Fixes.Count > 0)
        {
            WriteResult(ResultFiles.PolicyFix, ResultFiles.ToJson(outcome.Fixes));
            PolicyFixFile = Path.Combine(ResultDirectory, ResultFiles.PolicyFix);
        }

        Report(outcome.Diagnostics);
        if (outcome is { Succeeded: true, Report: { } report })
        {
            Log.LogMessage(
                MessageImportance.High,
                "{0}",
                $"Preflight: {report.Caller.Arn} (from {report.CredentialsSource}) may push to {report.Image}, as far as AWS tells."
            );
        }
    }
}
