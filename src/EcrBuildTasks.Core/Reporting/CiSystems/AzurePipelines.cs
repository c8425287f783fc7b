using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting.CiSystems;

/// <summary>https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands</summary>
internal sealed class AzurePipelines(Func<string, string?> variable) : CiSystem
{
    public override string? Annotate(EcrDiagnostic diagnostic)
    {
        var type = IsError(diagnostic) ? "error" : "warning";
        return $"##vso[task.logissue type={type};code={diagnostic.Code.Id}]{Escape(ShortText(diagnostic))}";
    }

    public override IReadOnlyList<string> Output(PushResult result) =>
        [
            .. OutputsOf(result)
                .Select(output =>
                    $"##vso[task.setvariable variable={output.Name};isOutput=true]{Escape(output.Value)}"
                ),
        ];

    public override IReadOnlyList<string> Summarize(string markdown)
    {
        if (variable("AGENT_TEMPDIRECTORY") is not { Length: > 0 } folder)
        {
            return [];
        }

        // The agent takes the file when the line has been read, so that each summary needs one of its own.
        var file = Path.Combine(folder, $"ecr-{Guid.NewGuid():N}.md");
        Append(file, markdown);
        return [$"##vso[task.uploadsummary]{file}"];
    }

    private static string Escape(string text) => text.Replace("%", "%AZP25").Replace("\r", "%0D").Replace("\n", "%0A");
}
