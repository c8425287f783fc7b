using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Preflight;

/// <summary>The JSON form of a preflight report, as <c>docs/preflight.schema.json</c> describes it.</summary>
public static class PreflightJson
{
    /// <summary>The address of the schema.</summary>
    internal const string Schema =
        "https://github.com/EcrBuildTasks/EcrBuildTasks/blob/main/docs/preflight.schema.json";

    /// <summary>The report with its diagnostics.</summary>
    /// <param name="diagnostics">The errors and warnings.</param>
    public static JsonObject Of(PreflightReport report, IReadOnlyList<EcrDiagnostic> diagnostics) =>
        new()
        {
            ["$schema"] = Schema,
            ["permission"] = report.Permission.ToString(),
            ["image"] = new JsonObject
            {
                ["registry"] = report.Image.Registry.ToString(),
                ["account"] = report.Image.Registry.Account is { Length: > 0 } owner ? owner : null,
                ["region"] = report.Image.Registry.Region,
                ["repository"] = report.Image.Repository,
                ["tags"] = Texts(report.Image.Tags),
            },
            ["caller"] = CallerWords.Json(report.Caller, report.CredentialsSource),
            ["mode"] = report.Mode.ToString(),
            ["actions"] = new JsonArray([.. report.Verdicts.Select(Action)]),
            ["repository"] = report.Repository.Repository.ToString(),
            ["creationTemplate"] = report.Repository.CreatedOnPushBy?.Prefix,
            ["pullThroughCache"] = report.Repository.FilledBy is { } rule
                ? new JsonObject { ["prefix"] = rule.Prefix, ["upstream"] = rule.UpstreamOf(report.Image.Repository) }
                : null,
            ["repositoryPolicy"] = report.Repository.Policy.ToString(),
            ["notSeen"] = Texts(report.NotSeen),
            ["notLookedAt"] = Texts(PreflightReport.NotLookedAt),
            ["diagnostics"] = DiagnosticJson.Of(diagnostics),
        };

    private static JsonObject Action(ActionVerdict verdict) =>
        new()
        {
            ["action"] = verdict.Action,
            ["permission"] = verdict.Permission.ToString(),
            ["reason"] = verdict.Reason.Length > 0 ? verdict.Reason : null,
            ["awsAnswer"] = verdict.RawAnswer,
            ["analysis"] = verdict.Analysis is { } analysis
                ? new JsonObject
                {
                    ["verdict"] = analysis.Verdict.ToString(),
                    ["decidedBy"] = analysis.DecidedBy is { } statement ? Statement(statement) : null,
                    ["missing"] = Texts(analysis.Missing),
                }
                : null,
        };

    private static JsonObject Statement(StatementReference statement) =>
        new()
        {
            ["policy"] = statement.Policy.ToString(),
            ["statement"] = statement.Index,
            ["sid"] = statement.Sid,
        };

    private static JsonArray Texts(IReadOnlyList<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(text))]);
}
