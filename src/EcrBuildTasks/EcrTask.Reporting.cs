using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Reporting.Pipelines;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <content>Diagnostics become errors and warnings, which a CI system that runs the build gets as well.</content>
public abstract partial class EcrTask
{
    private readonly PipelineHost? _pipelineHost;
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>A task sees the environment as it is when the task is made.</summary>
    protected EcrTask() => _pipelineHost = PipelineHost.Find(name => ProcessEnvironment[name]);

    /// <summary>It shows errors and warnings only, each whole, while other loggers repeat the code before each line of an error.</summary>
    private bool IsTerminalLogger => Project["IsTerminalLogger"] is "true";

    private protected void Report(IEnumerable<EcrDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Report(diagnostic);
        }
    }

    /// <summary>Logs it once, also when it is the outcome of several targets.</summary>
    private protected void Report(EcrDiagnostic diagnostic)
    {
        if (!_reported.Add(diagnostic.ToString()))
        {
            return;
        }

        string[] following = [.. diagnostic.Details, $"Help: {diagnostic.HelpLink}"];
        var text = IsTerminalLogger
            ? string.Join(Environment.NewLine, following.Prepend(diagnostic.Message))
            : diagnostic.Message;
        var (code, link) = (diagnostic.Code.Id, diagnostic.HelpLink.ToString());
        var file = Path.GetFileName(Project.ProjectFile);
        if (diagnostic.Severity is DiagnosticSeverity.Error)
        {
            Log.LogError("", code, "", link, file, 0, 0, 0, 0, "{0}", text);
        }
        else
        {
            Log.LogWarning("", code, "", link, file, 0, 0, 0, 0, "{0}", text);
        }

        if (!IsTerminalLogger)
        {
            foreach (var line in following)
            {
                Log.LogMessage(MessageImportance.High, "{0}", line);
            }
        }

        if (_pipelineHost?.Annotate(diagnostic) is { } annotation)
        {
            Log.LogMessage(MessageImportance.High, "{0}", annotation);
        }
    }

    /// <summary>Tells the system that runs the build, if one does, for its pages and later steps.</summary>
    private protected void TellPipeline(
        IReadOnlyList<PushResult> results,
        IReadOnlyList<EcrDiagnostic> diagnostics,
        IReadOnlyList<PolicyFix> fixes
    )
    {
        IReadOnlyList<string> lines =
        [
            .. results.Take(1).SelectMany(result => _pipelineHost?.Output(result) ?? []),
            .. JobSummary.Of(results, diagnostics, fixes) is { Length: > 0 } summary
                ? _pipelineHost?.Summarize(summary) ?? []
                : [],
        ];
        foreach (var line in lines)
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }
    }
}
