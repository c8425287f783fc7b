using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Words for denials that one kind of policy has caused: who, where, which actions; why; the fix; the command. A terminal shows
/// them in at most 16 lines of 100 columns; what AWS said of each action is in the result files.
/// </summary>
internal static class DenialDiagnosis
{
    private const int WidthOfLogs = 98;

    public static PreflightDiagnosis Explain(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var (fixes, alternatives) = Fixes(report, denials);
        var diagnostic = EcrDiagnostic.Error(
            denials[0].Code,
            $"{report.CallerAsSubject} is not allowed to push to {report.Image}: {Cause(report, denials)}.",
            [
                .. Why(report, denials),
                .. fixes.SelectMany(fix => fix.ToLines(PolicyFix.TerminalWidth)),
                .. alternatives
                    .Select(fix => fix.ToolCommand)
                    .OfType<string>()
                    .SelectMany(command =>
                        new[]
                        {
                            "Or let the repository policy allow it, with credentials that may change it:",
                            $"  {command}",
                        }
                    ),
            ]
        );
        return new([diagnostic.NamedCaller(report.CallerWithSource)], [.. fixes, .. alternatives]);
    }

    private static string Cause(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var isPartlyAsked = denials.Any(denial => denial.Verdict.IsWithheld);
        var actions =
            isPartlyAsked || denials.Count > 2
                ? "the push"
                : string.Join(", ", denials.Select(denial => denial.Verdict.Action));
        var mayBeMissing = MayBeMissing(report, denials);
        var missing = mayBeMissing ? "the repository does not exist, or " : "";
        var repositoryPolicy =
            mayBeMissing ? "its policy"
            : report.Repository is { CreatedOnPushBy: { } template }
                ? $"the repository policy of the creation template {template.Prefix}"
            : "the repository policy";
        var (policy, arn) = (denials[0].Policy, denials[0].Sentence?.PolicyArn);
        return denials[0] switch
        {
            { IsExplicit: true, Policy: PolicyKind.Repository } =>
                $"{Statement(denials[0])}{repositoryPolicy} denies {actions}",
            { IsExplicit: true, Policy: PolicyKind.Identity } =>
                $"an identity-based policy of account {report.Caller.Account} denies {actions}",
            { Policy: PolicyKind.Repository } => $"{missing}{repositoryPolicy} does not allow {actions}",
            { Policy: PolicyKind.Identity } =>
                $"{missing}no identity-based policy of the caller in account {report.Caller.Account} allows {actions}",
            { IsExplicit: true } => $"{Statement(denials[0])}{Guardrails.Name(policy)}{Arn(arn)} denies {actions}",
            _ => $"{Guardrails.Name(policy)}{Arn(arn)} does not allow {actions}",
        };
    }

    /// <summary>Whether a missing repository explains the denials as well as a policy does.</summary>
    private static bool MayBeMissing(PreflightReport report, IReadOnlyList<Denial> denials) =>
        report.Repository.Repository is Presence.NotSeen && denials[0].IsSilence;

    private static string Statement(Denial denial) =>
        denial.Verdict.Analysis?.DecidedBy is { } statement && statement.Policy == denial.Policy
            ? $"{StatementName.Describe(statement)} of "
            : "";

    private static string Arn(string? arn) => arn is null ? "" : $" ({arn})";

    private static IEnumerable<string> Why(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        if (MayBeMissing(report, denials))
        {
            var registry = report.Image.Registry;
            yield return $"To see whether it exists, with credentials of {report.Owner}:";
            yield return $"  dotnet ecr repository list {(registry.Kind is RegistryKind.Public ? $"{registry}" : $"--region {registry.Region}")}";
        }

        var (policy, isExplicit) = (denials[0].Policy, denials[0].IsExplicit);
        if (NeedsRepositoryPolicyToo(report, denials))
        {
            yield return $"The repository policy in account {report.Image.Registry.Account} does not allow it either. Both have to change.";
        }

        if (policy is PolicyKind.Repository && !isExplicit)
        {
            foreach (var line in RepositoryPolicyReading.Lines(report, denials))
            {
                yield return line;
            }
        }

        foreach (var rule in RulesByTag(report, denials))
        {
            var tags = report.Repository.ResourceTags;
            yield return $"{StatementName.Describe(rule.Reference)} of the repository policy allows it only if the tag {new UntrustedText(rule.Tag)} of the repository matches {rule.Operator} {new UntrustedText(string.Join(", ", rule.Values))}; {(tags is null ? "the tags could not be read" : tags.TryGetValue(rule.Tag, out var value) ? $"its value is {new UntrustedText(value)}" : "the repository does not have it")}. Set the tag; a statement without the condition would bypass this rule.";
        }

        if (
            !isExplicit
            && policy is PolicyKind.Repository or PolicyKind.Identity
            && report.Repository.Elsewhere is [_, ..] places
        )
        {
            yield return $"The caller's own account {report.Caller.Account} has a repository {report.Image.Repository} too, in {string.Join(", ", places.Select(place => place.Region))}. If that is the one, push to {string.Join(" or ", places.Select(place => place.Host))}.";
        }

        if (denials.Any(denial => denial.Verdict.Action == PushAction.ListImages))
        {
            yield return $"{PushAction.ListImages} is needed for the floating tags: the versions in the repository decide which floating tags move.";
        }

        if (denials.Any(denial => denial.Verdict.Action == PushAction.DescribeImageScanFindings))
        {
            yield return $"{PushAction.DescribeImageScanFindings} is needed for the limit on scan findings: what the scan of the image finds decides whether the push succeeds.";
        }

        if (denials.FirstOrDefault(denial => PushAction.Creates(denial.Verdict.Action)) is { } creation)
        {
            yield return report.Repository.CreatedOnPushBy is { } template
                ? $"{creation.Verdict.Action} is needed because the repository does not exist, and the push creates it by the creation template {template.Prefix}."
                : $"{creation.Verdict.Action} is needed because the repository does not exist.";
        }

        if (isExplicit && policy is PolicyKind.Repository or PolicyKind.Identity)
        {
            yield return "An Allow would not help, because a Deny takes precedence. Change the statement that denies.";
        }

        if (isExplicit && policy is PolicyKind.Repository)
        {
            foreach (var line in ExplicitDenial.Lines(report, RequestFor(report, denials)))
            {
                yield return line;
            }
        }

        if (
            denials
                .Select(denial => AuthorizationDetails.Find(denial.Verdict.Reason))
                .FirstOrDefault(details => details is not null) is
            { } details
        )
        {
            yield return "For 24 hours, this command shows all policies that AWS evaluated:";
            yield return $"  {details.Command(report.Image.Registry.Region)}";
        }

        if (report.IgnoredProfile is { } ignored)
        {
            yield return ignored;
        }

        if (Guardrails.Owner(policy, report) is { } owner)
        {
            yield return $"{owner} A statement in the repository policy would not help.";
        }
    }

    private static (IReadOnlyList<PolicyFix> Fixes, IReadOnlyList<PolicyFix> Alternatives) Fixes(
        PreflightReport report,
        IReadOnlyList<Denial> denials
    )
    {
        var policy = denials[0].Policy;
        var isKnown = IsOwnerKnown(report) || denials[0].Code == EcrCode.TokenDenied;
        if (denials[0].IsExplicit || !isKnown || policy is not (PolicyKind.Repository or PolicyKind.Identity))
        {
            return ([], []);
        }

        if (RulesByTag(report, denials).Count > 0)
        {
            return ([], []);
        }

        var request = RequestFor(report, denials);
        if (report.IsCrossAccount || denials[0].Code == EcrCode.TokenDenied)
        {
            return (PolicyFixes.For(request), []);
        }

        var ways = PolicyFixes.WithinAccount(request);
        return (ways.Identity, report.Repository.Repository is Presence.Absent ? [] : ways.Repository);
    }

    /// <summary>The rules of the repository policy that allow the push by a tag of the repository.</summary>
    private static IReadOnlyList<TagRule> RulesByTag(PreflightReport report, IReadOnlyList<Denial> denials) =>
        denials[0] is { IsSilence: true } ? TagRule.For(RequestFor(report, denials)) : [];

    /// <summary>Of a public registry the account may not be known, and with it the repository's ARN.</summary>
    private static bool IsOwnerKnown(PreflightReport report) => report.Image.Registry.Account.Length > 0;

    private static FixRequest RequestFor(PreflightReport report, IReadOnlyList<Denial> denials) =>
        new()
        {
            Caller = new(report.Caller.Arn, report.Caller.Account, report.Caller.UserId),
            RoleArn = report.Caller.RoleArn,
            RepositoryArn = report.Image.RepositoryArn,
            RepositoryAccount = report.Image.Registry.Account,
            Image = report.Image.ToString(),
            Actions =
            [
                .. report
                    .Verdicts.Select(verdict => verdict.Action)
                    .Where(action => denials.Any(denial => denial.Verdict.Action == action)),
            ],
            Wanting = NeedsRepositoryPolicyToo(report, denials)
                ? [PolicyKind.Identity, PolicyKind.Repository]
                : [denials[0].Policy],
            IsExplicitlyDenied = denials[0].IsExplicit,
            RepositoryPolicy = report.Repository.EffectivePolicy,
            ResourceTags = report.Repository.ResourceTags,
            RepositoryPolicySeen = report.Repository.Policy is not Presence.NotSeen,
        };

    /// <summary>
    /// Across accounts both policies have to allow a push: whether AWS denies it for the caller's own policies, and the repository
    /// policy that was read does not allow it either.
    /// </summary>
    private static bool NeedsRepositoryPolicyToo(PreflightReport report, IReadOnlyList<Denial> denials) =>
        report is { IsCrossAccount: true, Repository.Policy: not Presence.NotSeen }
        && denials[0].Code == EcrCode.IdentityPolicySilent
        && denials.Any(denial => denial.Verdict.Analysis?.Silent.Contains(PolicyKind.Repository) is true);

    /// <summary>The same details with the statements in fewer, longer lines.</summary>
    public static IReadOnlyList<string> Unfold(IReadOnlyList<string> details, IReadOnlyList<PolicyFix> fixes) =>
        fixes
            .Aggregate(
                string.Join('\n', details),
                (text, fix) =>
                    text.Replace(
                        string.Join('\n', fix.ToLines(PolicyFix.TerminalWidth)),
                        string.Join('\n', fix.ToLines(WidthOfLogs)),
                        StringComparison.Ordinal
                    )
            )
            .Split('\n');
}
