using System.Text.Json.Nodes;

namespace EcrBuildTasks.Failures;

public static class DiagnosticJson
{
    /// <summary>An object for each, as <c>docs/preflight.schema.json</c> describes it.</summary>
    public static JsonArray Of(IReadOnlyList<EcrDiagnostic> diagnostics) => new([.. diagnostics.Select(Of)]);

    private static JsonObject Of(EcrDiagnostic diagnostic) =>
        new()
        {
            ["code"] = diagnostic.Code.Id,
            ["severity"] = diagnostic.Severity.ToString(),
            ["message"] = diagnostic.Message,
            ["details"] = new JsonArray([.. diagnostic.Details.Select(line => JsonValue.Create(line))]),
            ["helpLink"] = diagnostic.HelpLink.ToString(),
        };
}
