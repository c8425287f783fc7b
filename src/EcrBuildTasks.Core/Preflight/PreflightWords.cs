using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>A preflight's report for people: who asks, what was asked, what came out, and what was not looked at.</summary>
public static class PreflightWords
{
    public static IReadOnlyList<string> Lines(PreflightReport report) =>
        [
            $"Preflight of a push to {report.Image}",
            $"  Caller: {report.CallerWithSource}.",
            report.Mode is PreflightMode.Probe
                ? "  Asked AWS for each action, in a form that changes nothing, and read the repository policy."
                : "  Read the repository policy; AWS was asked for the token only.",
            .. report.Verdicts.Select(verdict => $"  {verdict.Action}: {Verdict(verdict, report)}"),
            .. OnPush(report) is { } creation ? [$"  {creation}"] : Array.Empty<string>(),
            .. report.NotSeen.Select(what => $"  Not seen: {what}."),
            $"  Not looked at, and able to deny as well: {string.Join(", ", PreflightReport.NotLookedAt)}.",
        ];

    /// <summary>What becomes of a repository that is missing; <see langword="null"/> where nothing is to be said of it.</summary>
    public static string? OnPush(PreflightReport report) =>
        report.Repository switch
        {
            { CreatedOnPushBy: { } template } =>
                $"The repository {report.Image.Repository} does not exist yet. The push creates it by the creation template {template.Prefix}, which takes {PushAction.CreateRepository}; that is not asked beforehand, because asking would create the repository.",
            { Repository: Presence.Absent } when report.CreatesRepository =>
                $"The repository {report.Image.Repository} does not exist yet: the push creates it, if the caller is allowed to call {PushAction.In(report.Image.Registry.Kind, PushAction.CreateRepository)}.",
            _ => null,
        };

    private static string Verdict(ActionVerdict verdict, PreflightReport report) =>
        string.Join("; ", new[] { Permitted(verdict), Why(verdict, report) }.Where(words => words.Length > 0));

    public static string Permitted(ActionVerdict verdict) => verdict.Permission.ToString().ToLowerInvariant();

    /// <summary>Who decides it so: AWS's sentence or answer, and the statement of the repository policy.</summary>
    internal static string Why(ActionVerdict verdict, PreflightReport report) =>
        string.Join(
            "; ",
            new[]
            {
                verdict.Reason,
                verdict is { Permission: Permission.Allowed, RawAnswer: { } answer } ? $"AWS answered {answer}" : "",
                Analysis(verdict.Analysis, report),
            }.Where(words => words.Length > 0)
        );

    /// <summary>Who decides it so, in the few words that a table has room for.</summary>
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
        // Where AWS has answered, it does not matter what the policies leave open.
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
                $"the policies at hand do not decide it without {string.Join(", ", missing)}",
            _ => "",
        };
}
