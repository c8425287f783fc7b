using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Fixes;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Tasks;

/// <summary>The results as files, for the steps of a pipeline that follow.</summary>
internal static class ResultFiles
{
    public const string Preflight = "preflight.json";
    public const string Push = "push.json";
    public const string PolicyFix = "policy-fix.json";
    public const string RepositoryPolicy = "repository-policy.json";

    public static IReadOnlyList<string> All { get; } = [Preflight, Push, PolicyFix, RepositoryPolicy];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToJson(PushResult result) =>
        new JsonObject
        {
            ["registry"] = result.Image.Registry.Host,
            ["repository"] = result.Image.Repository,
            ["digest"] = result.Pushed.Digest,
            ["sizeInBytes"] = result.Pushed.SizeInBytes,
            ["pushedBytes"] = result.Pushed.PushedBytes,
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["images"] = new JsonArray([
                .. result.Pushed.Tags.Select(tag => new JsonObject { ["uri"] = result.UriOf(tag), ["tag"] = tag }),
            ]),
        }.ToJsonString(Readable);

    public static string ToJson(PreflightReport report, IReadOnlyList<EcrDiagnostic> diagnostics) =>
        PreflightJson.Of(report, diagnostics).ToJsonString(Readable);

    public static string ToJson(IReadOnlyList<PolicyFix> fixes) =>
        new JsonArray([
            .. fixes.Select(fix => new JsonObject
            {
                ["policy"] = fix.Policy.ToString(),
                ["ownerAccount"] = fix.OwnerAccount,
                ["instruction"] = fix.Instruction,
                ["statement"] = JsonNode.Parse(fix.ToJson()),
                ["wholePolicy"] = fix.Render(FixFormat.Policy) is { } whole ? JsonNode.Parse(whole) : null,
                ["command"] = fix.AwsCommand(),
                ["terraform"] = fix.Render(FixFormat.Terraform),
                ["cloudFormation"] = fix.Render(FixFormat.CloudFormation),
                ["cdk"] = fix.Render(FixFormat.Cdk),
            }),
        ]).ToJsonString(Readable);
}
