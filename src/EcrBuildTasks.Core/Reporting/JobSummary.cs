using System.Text;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting;

/// <summary>A push in Markdown, for the page of a CI run.</summary>
internal static class JobSummary
{
    /// <summary>What was pushed, or why not and what fixes it.</summary>
    /// <returns>Markdown; empty if there is nothing to say.</returns>
    public static string Render(
        IReadOnlyList<PushResult> results,
        IReadOnlyList<EcrDiagnostic> diagnostics,
        IReadOnlyList<AccessRequest> requests
    )
    {
        var text = new StringBuilder();
        if (results.Count > 0)
        {
            text.Append("### Pushed to Amazon ECR\n\n| image | digest | |\n|---|---|---|\n");
            foreach (var (result, tag) in results.SelectMany(result => result.Pushed.Tags.Select(tag => (result, tag))))
            {
                text.Append($"| `{result.UriOf(tag)}` | `{result.Pushed.Digest}` | {PushLines.Totals(result)} |\n");
            }

            text.Append('\n');
            foreach (var line in results.SelectMany(PushLines.FloatingTags))
            {
                text.Append($"{AccessRequest.Markdown(line)}\n\n");
            }

            foreach (var caller in results.Select(PushLines.Caller).Distinct(StringComparer.Ordinal))
            {
                text.Append($"{AccessRequest.Markdown(caller)}.\n\n");
            }
        }

        foreach (var diagnostic in diagnostics.DistinctBy(diagnostic => diagnostic.ToString(), StringComparer.Ordinal))
        {
            var severity = diagnostic.Severity is DiagnosticSeverity.Error ? "Error" : "Warning";
            text.Append($"### {severity} [{diagnostic.Code.Id}]({diagnostic.HelpLink}): {diagnostic.Code.Title}\n\n");
            text.Append($"{AccessRequest.Markdown(diagnostic.Message)}\n\n");
            if (diagnostic.Caller is { } caller && diagnostic.Details.Contains(caller, StringComparer.Ordinal))
            {
                text.Append($"{AccessRequest.Markdown(caller)}\n\n");
            }
        }

        foreach (var request in requests)
        {
            text.Append(request.ToMarkdown());
        }

        return text.ToString();
    }
}
