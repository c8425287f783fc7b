using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Tasks;

/// <summary>The results as files, for the steps of a pipeline that follow.</summary>
internal static class ResultFiles
{
    public const string Preflight = "preflight.json";
    public const string Push = "push.json";
    public const string Archive = "image.tar.gz";
    public const string PolicyFix = "policy-fix.json";
    public const string RepositoryPolicy = "repository-policy.json";

    public static IReadOnlyList<string> All { get; } = [Preflight, Push, PolicyFix, RepositoryPolicy];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToJson(PushResult result) => ResultJson.Of(result).ToJsonString(Readable);

    public static string ToJson(PreflightReport report, IReadOnlyList<EcrDiagnostic> diagnostics) =>
        PreflightJson.Of(report, diagnostics).ToJsonString(Readable);

    public static string ToJson(IReadOnlyList<PolicyFix> fixes) => ResultJson.Of(fixes).ToJsonString(Readable);
}
