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
                ["command"] = fix.AwsCommand(),
            }),
        ]).ToJsonString(Readable);
}
