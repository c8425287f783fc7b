using EcrBuildTasks.Diagnostics;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>Fails a build for a reason that the targets see by themselves.</summary>
public sealed class FailEcrPush : ReportingTask
{
    /// <summary>A code of the catalogue, such as <c>ECR1009</c>.</summary>
    [Required]
    public string Code { get; set; } = "";

    /// <summary>One line that stands alone.</summary>
    [Required]
    public string Text { get; set; } = "";

    private protected override void Run()
    {
        var diagnostic = EcrDiagnostic.Error(EcrCode.Catalogue.Single(code => code.Id == Code), Text);
        Report(diagnostic);
        TellPipeline([], [diagnostic], []);
    }
}
