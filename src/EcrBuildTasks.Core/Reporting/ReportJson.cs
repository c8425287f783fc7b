using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks.Reporting;

/// <summary>Outcomes for programs: the result files of a build and the output of commands.</summary>
public static class ReportJson
{
    /// <summary>The address of the schema.</summary>
    internal const string PreflightSchema =
        "https://github.com/EcrBuildTasks/EcrBuildTasks/blob/main/docs/preflight.schema.json";

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToText(this JsonNode json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteTo(writer);
        }

        return UntrustedText.ToJson(Encoding.UTF8.GetString(stream.ToArray()));
    }

    public static JsonObject Describe(PushResult result) =>
        new()
        {
            ["registry"] = result.Image.Registry.ToString(),
            ["repository"] = result.Image.Repository,
            ["digest"] = result.Pushed.Digest,
            ["sizeInBytes"] = result.Pushed.SizeInBytes,
            ["pushedBytes"] = result.Pushed.PushedBytes,
            ["skipped"] = result.IsSkipped,
            ["caller"] = CallerWords.Json(result.Caller, result.CredentialsSource),
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["images"] = new JsonArray([
                .. result.Pushed.Tags.Select(tag => new JsonObject { ["uri"] = result.UriOf(tag), ["tag"] = tag }),
            ]),
            ["floatingTags"] = new JsonArray([
                .. result.FloatingTags.Select(move => new JsonObject
                {
                    ["tag"] = move.Tag,
                    ["moved"] = move.IsMoved,
                    ["heldBy"] = move.HeldBy,
                }),
            ]),
            ["scan"] = result.Scan is { } scan ? Describe(scan) : null,
        };

    private static JsonObject Describe(ScanReport scan) =>
        new()
        {
            ["end"] = scan.End.ToString(),
            ["words"] = scan.Words.Length > 0 ? scan.Words : null,
            ["findings"] = new JsonArray([
                .. scan.Findings.Select(finding => new JsonObject
                {
                    ["name"] = finding.Name,
                    ["severity"] = finding.Severity.ToString().ToUpperInvariant(),
                    ["package"] = finding.Package,
                    ["version"] = finding.Version,
                    ["fixedIn"] = finding.FixedIn,
                    ["uri"] = finding.Uri,
                    ["platforms"] = new JsonArray([
                        .. finding.Platforms.Select(platform => JsonValue.Create(platform)),
                    ]),
                }),
            ]),
        };

    /// <summary>The statements that fix a denial, in all formats.</summary>
    public static JsonArray Describe(IReadOnlyList<PolicyFix> fixes) =>
        new([
            .. fixes.Select(fix => new JsonObject
            {
                ["policy"] = fix.Policy.ToString(),
                ["ownerAccount"] = fix.OwnerAccount,
                ["principal"] = fix.Request.RoleArn ?? fix.Request.Caller.Arn,
                ["repositoryArn"] = fix.Request.RepositoryArn,
                ["actions"] = new JsonArray([.. fix.Request.Actions.Select(action => JsonValue.Create(action))]),
                ["instruction"] = fix.Instruction,
                ["statement"] = JsonNode.Parse(fix.ToJson()),
                ["wholePolicy"] = fix.Render(FixFormat.Policy) is { } whole ? JsonNode.Parse(whole) : null,
                ["command"] = fix.AwsCommand(),
                ["terraform"] = fix.Render(FixFormat.Terraform),
                ["cloudFormation"] = fix.Render(FixFormat.CloudFormation),
                ["cdk"] = fix.Render(FixFormat.Cdk),
            }),
        ]);

    /// <summary>As <c>docs/preflight.schema.json</c> describes it; the diagnostics alone if AWS was not asked.</summary>
    public static JsonObject Describe(PreflightOutcome outcome) =>
        outcome.Report is { } report
            ? Describe(report, outcome.Diagnostics)
            : new() { ["diagnostics"] = Describe(outcome.Diagnostics) };

    private static JsonObject Describe(PreflightReport report, IReadOnlyList<EcrDiagnostic> diagnostics) =>
        new()
        {
            ["$schema"] = PreflightSchema,
            ["permission"] = report.Permission.ToString(),
            ["repositorySide"] = report.RepositorySide?.ToString(),
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
            ["actions"] = new JsonArray([.. report.Verdicts.Select(Describe)]),
            ["repository"] = report.Repository.Repository.ToString(),
            ["creationTemplate"] = report.Repository.CreatedOnPushBy?.Prefix,
            ["pullThroughCache"] = report.Repository.FilledBy is { } rule
                ? new JsonObject { ["prefix"] = rule.Prefix, ["upstream"] = rule.UpstreamOf(report.Image.Repository) }
                : null,
            ["signing"] = new JsonArray([
                .. report.Repository.SignedBy.Select(rule => new JsonObject
                {
                    ["profile"] = rule.ProfileArn,
                    ["filters"] = Texts(rule.Filters),
                    ["statement"] = ManagedSigning.FixFor(rule.ProfileArn, report.Image, report.Caller) is { } fix
                        ? JsonNode.Parse(fix.ToJson())
                        : null,
                }),
            ]),
            ["repositoryPolicy"] = report.Repository.Policy.ToString(),
            ["notSeen"] = Texts(report.NotSeen),
            ["notLookedAt"] = Texts(report.NotLookedAt),
            ["diagnostics"] = Describe(diagnostics),
        };

    private static JsonObject Describe(ActionVerdict verdict) =>
        new()
        {
            ["action"] = verdict.Action,
            ["permission"] = verdict.Permission.ToString(),
            ["reason"] = verdict.Reason.Length > 0 ? verdict.Reason : null,
            ["authorizationId"] = AuthorizationDetails.Find(verdict.Reason)?.Id,
            ["awsAnswer"] = verdict.RawAnswer,
            ["analysis"] = verdict.Analysis is { } analysis
                ? new JsonObject
                {
                    ["verdict"] = analysis.Verdict.ToString(),
                    ["decidedBy"] = analysis.DecidedBy is { } statement ? Describe(statement) : null,
                    ["missing"] = Texts(analysis.Missing),
                }
                : null,
        };

    private static JsonObject Describe(StatementReference statement) =>
        new()
        {
            ["policy"] = statement.Policy.ToString(),
            ["statement"] = statement.Index,
            ["sid"] = statement.Sid,
        };

    private static JsonArray Texts(IReadOnlyList<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(text))]);

    /// <summary>An object for each, as <c>docs/preflight.schema.json</c> describes it.</summary>
    public static JsonArray Describe(IReadOnlyList<EcrDiagnostic> diagnostics) =>
        new([.. diagnostics.Select(Describe)]);

    private static JsonObject Describe(EcrDiagnostic diagnostic) =>
        new()
        {
            ["code"] = diagnostic.Code.Id,
            ["severity"] = diagnostic.Severity.ToString(),
            ["message"] = diagnostic.Message,
            ["details"] = new JsonArray([.. diagnostic.Details.Select(line => JsonValue.Create(line))]),
            ["helpLink"] = diagnostic.HelpLink.ToString(),
        };
}
