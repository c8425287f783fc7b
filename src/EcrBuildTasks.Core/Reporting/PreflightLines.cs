using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Reporting;

/// <summary>A preflight in lines.</summary>
public static class PreflightLines
{
    internal static IEnumerable<string> Describe(PreflightReport report) =>
        [
            $"Preflight of a push to {report.Image}",
            $"  Caller: {report.CallerWithSource}.",
            report.Mode is PreflightMode.Probe
                ? "  Called each push action in a form that changes nothing, and read the repository policy."
                : "  Read the repository policy; AWS was asked for the authorization token only.",
            .. report.Verdicts.Select(verdict => $"  {verdict.Action}: {Verdict(verdict, report)}"),
            .. report.NotSeen.Select(unseen => $"  Not checked: {unseen}."),
        ];

    internal static string Verdict(PreflightReport report)
    {
        var caller = report.CallerAsSubject;
        return report.RepositorySide is Permission.Allowed
                ? $"Preflight passed: the policies of {report.Image} allow {caller} every push action."
            : report.Permission is Permission.Allowed
                ? $"Preflight passed: {caller} is allowed to push to {report.Image}."
            : $"Preflight undecided: it is not known whether {caller} is allowed to push to {report.Image}.";
    }

    /// <summary>What else is known of a push that a preflight lets pass, and what is not.</summary>
    internal static IEnumerable<string> Limits(PreflightOutcome outcome)
    {
        var report = outcome.Report!;
        if (Creation(report) is { } creation)
        {
            yield return creation;
        }

        foreach (var rule in report.Repository.SignedBy)
        {
            yield return $"Amazon ECR signs the image with the profile {rule.ProfileArn}{Filter(rule)}. The signature requires {SignerActions.SignPayload} on it in an identity policy of the caller, which is not checked{(ManagedSigning.FixFor(rule.ProfileArn, report.Image, report.Caller) is { } fix ? $": {fix.Statement.ToJson()}" : ".")}";
        }

        if (report is { RepositorySide: Permission.Allowed, Permission: Permission.Unknown })
        {
            yield return $"Not checked: the identity policies of {report.CallerArn}, which must allow {(report.IsCrossAccount ? $"the same actions and {report.Token.Action}" : report.Token.Action)}. To print them: dotnet ecr policy fix {report.Image.Registry}/{report.Image.Repository} --principal {report.CallerArn} --for push";
        }

        if (outcome.Skipped is not null)
        {
            yield return "Nothing to push: the tags exist already.";
        }

        if (report.Image.Tags.Count == 0)
        {
            yield return "Not checked: the tag, which is not known yet.";
        }

        // Warnings say what could not be checked.
        if (outcome.Diagnostics.Count > 0)
        {
            yield break;
        }

        yield return $"Not checked (these can also deny the push): {string.Join(", ", report.NotLookedAt)}.";
    }

    private static string Filter(SigningRule rule) =>
        rule.Filters.Count == 0 ? "" : $" (rule for {string.Join(", ", rule.Filters)})";

    /// <summary>How a missing repository will be created; <see langword="null"/> if none will be.</summary>
    private static string? Creation(PreflightReport report) =>
        report.Repository switch
        {
            { CreatedOnPushBy: { } template } =>
                $"The repository {report.Image.Repository} does not exist yet. The push creates it by the creation template {template.Prefix}, which requires {PushAction.CreateRepository}. This is not checked, because the check would create the repository.",
            { Repository: Presence.Absent } when report.CreatesRepository =>
                $"The repository {report.Image.Repository} does not exist yet. The push creates it, if the caller is allowed to call {PushAction.In(report.Image.Registry.Kind, PushAction.CreateRepository)}.",
            _ => null,
        };

    private static string Verdict(ActionVerdict verdict, PreflightReport report) =>
        string.Join("; ", new[] { Permitted(verdict), Why(verdict, report) }.Where(words => words.Length > 0));

    public static string Permitted(ActionVerdict verdict) =>
        (verdict.RepositorySide is { Verdict: Policies.Verdict.Allowed } ? Permission.Allowed : verdict.Permission)
            .ToString()
            .ToLowerInvariant();

    /// <summary>Who decides it so: AWS's sentence or answer, and the statement of the repository policy.</summary>
    private static string Why(ActionVerdict verdict, PreflightReport report) =>
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
        : verdict.RepositorySide is { Verdict: Policies.Verdict.Allowed } side ? Analysis(side, report)
        // After an answer of AWS, or the reason why it was not asked, an undecided policy analysis does not matter.
        : (verdict is { RawAnswer: not null } or { Reason: [_, ..] })
        && verdict.Analysis?.Verdict is Policies.Verdict.Unknown
            ? Why(verdict with { Analysis = null }, report)
        : Why(verdict, report);

    private static string Analysis(Decision? analysis, PreflightReport report) =>
        analysis switch
        {
            null => "",
            { DecidedBy: { } statement, Verdict: Policies.Verdict.Allowed } =>
                $"{Guardrails.Describe(statement)} allows it",
            { DecidedBy: { } statement } => $"{Guardrails.Describe(statement)} denies it",
            { Verdict: Policies.Verdict.ImplicitlyDenied } => report.Repository.Policy is Presence.Absent
                ? "the repository has no policy"
                : "no statement of the repository policy allows it",
            { Verdict: Policies.Verdict.Unknown, Missing: [_, ..] missing } =>
                $"this cannot be decided without knowing {string.Join(", ", missing)}",
            _ => "",
        };
}
