using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>The text form of a preflight report: the caller, the verdicts, and what was not checked.</summary>
public static class PreflightWords
{
    public static IReadOnlyList<string> Lines(PreflightReport report) =>
        [
            $"Preflight of a push to {report.Image}",
            $"  Caller: {report.CallerWithSource}.",
            report.Mode is PreflightMode.Probe
                ? "  Probed each action with AWS, without changing anything, and read the repository policy."
                : "  Read the repository policy; only the authorization token was requested from AWS.",
            .. report.Verdicts.Select(verdict => $"  {verdict.Action}: {Verdict(verdict, report)}"),
            .. OnPush(report) is { } creation ? [$"  {creation}"] : Array.Empty<string>(),
            .. report.NotSeen.Select(what => $"  Could not read: {what}."),
            $"  Not checked (these can also deny the push): {string.Join(", ", PreflightReport.NotLookedAt)}.",
        ];

    /// <summary>What happens to a missing repository; <see langword="null"/> if it exists or is not created.</summary>
    public static string? OnPush(PreflightReport report) =>
        report.Repository switch
        {
            { CreatedOnPushBy: { } template } =>
                $"The repository {report.Image.Repository} does not exist yet. The push creates it with the creation template {template.Prefix}, which requires {PushAction.CreateRepository}. This permission was not probed, because the probe would create the repository.",
            { Repository: Presence.Absent } when report.CreatesRepository =>
                $"The repository {report.Image.Repository} does not exist yet. The push creates it if the caller is allowed to call {PushAction.In(report.Image.Registry.Kind, PushAction.CreateRepository)}.",
            _ => null,
        };

    private static string Verdict(ActionVerdict verdict, PreflightReport report) =>
        string.Join("; ", new[] { Permitted(verdict), Why(verdict, report) }.Where(words => words.Length > 0));

    public static string Permitted(ActionVerdict verdict) => verdict.Permission.ToString().ToLowerInvariant();

    /// <summary>The reason for a verdict: the message or error code of AWS, and the statement of the repository policy.</summary>
    internal static string Why(ActionVerdict verdict, PreflightReport report) =>
        string.Join(
            "; ",
            new[]
            {
                verdict.Reason,
                verdict is { Permission: Permission.Allowed, RawAnswer: { } answer } ? $"AWS returned {answer}" : "",
                Analysis(verdict.Analysis, report),
            }.Where(words => words.Length > 0)
        );

    /// <summary>The reason for a verdict, shortened for a table.</summary>
    public static string Decider(ActionVerdict verdict, PreflightReport report) =>
        DenialMessage.Find(verdict.Reason)?.Reason is { PolicyKind: { } policy } reason
            ? string.Join(
                "; ",
                new[]
                {
                    reason.IsExplicit
                        ? $"AWS: a {DenialReason.Name(policy)} denies it"
                        : $"AWS: no {DenialReason.Name(policy)} allows it",
                    Analysis(verdict.Analysis, report),
                }.Where(words => words.Length > 0)
            )
        // If AWS has decided, an undecided policy analysis does not matter.
        : verdict is { Permission: Permission.Allowed, RawAnswer: not null, Analysis.Verdict: Policies.Verdict.Unknown }
            ? Why(verdict with { Analysis = null }, report)
        : verdict is { Permission: Permission.Unknown, RawAnswer: null, Analysis: { Missing: [_, ..] } analysis }
            ? Analysis(analysis, report)
        : Why(verdict, report);

    private static string Analysis(Decision? analysis, PreflightReport report) =>
        analysis switch
        {
            null => "",
            { DecidedBy: { } statement, Verdict: Policies.Verdict.Allowed } =>
                $"{StatementWords.Of(statement)} allows it",
            { DecidedBy: { } statement } => $"{StatementWords.Of(statement)} denies it",
            { Verdict: Policies.Verdict.ImplicitlyDenied } => report.Repository.Policy is Presence.Absent
                ? "the repository has no policy"
                : "no statement of the repository policy allows it",
            { Verdict: Policies.Verdict.Unknown, Missing: [_, ..] missing } =>
                $"cannot be decided without knowing {string.Join(", ", missing)}",
            _ => "",
        };
}
