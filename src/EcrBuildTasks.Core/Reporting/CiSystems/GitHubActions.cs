using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting.CiSystems;

/// <summary>https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands</summary>
internal sealed class GitHubActions(Func<string, string?> variable) : CiSystem
{
    public override string? Annotate(EcrDiagnostic diagnostic)
    {
        var command = IsError(diagnostic) ? "error" : "warning";
        var title = Escape($"{diagnostic.Code.Id}: {diagnostic.Code.Title}").Replace(":", "%3A").Replace(",", "%2C");
        return $"::{command} title={title}::{Escape(string.Join('\n', diagnostic.Details.Prepend(diagnostic.Message)))}";
    }

    public override IReadOnlyList<string> Output(PushResult result)
    {
        foreach (var (name, value) in OutputsOf(result))
        {
            Append(variable("GITHUB_OUTPUT"), $"{name}={value}\n");
        }

        return [];
    }

    public override IReadOnlyList<string> Summarize(string markdown)
    {
        Append(variable("GITHUB_STEP_SUMMARY"), markdown);
        return [];
    }

    private static string Escape(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");
}
