using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Words for denials that one kind of policy has caused: who, where, which actions; why; the fix; the command.</summary>
internal static class DenialDiagnosis
{
    public static PreflightDiagnosis Of(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var (identityFixes, alternatives) = Fixes(report, denials);
        var diagnostic = EcrDiagnostic.Error(
            denials[0].Code,
            $"{report.Caller.Arn} may not push to {report.Image}: {Cause(report, denials)}.",
            [
                .. Why(report, denials),
                .. identityFixes.SelectMany(Show),
                .. alternatives.SelectMany(fix => Show(fix).Prepend("Or, instead:")),
                $"Not looked at, and able to deny as well: {string.Join(", ", PreflightReport.NotLookedAt)}.",
            ]
        );
        return new([diagnostic], [.. identityFixes, .. alternatives]);
    }

    private static string Cause(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var image = report.Image;
        var isPartlyAsked = denials.Any(denial => denial.Verdict.IsWithheld);
        var actions = isPartlyAsked ? "the push" : string.Join(", ", denials.Select(denial => denial.Verdict.Action));
        var mayBeMissing = MayBeMissing(report, denials);
        var missing = mayBeMissing
            ? $"the repository {image.Repository} does not exist {PreflightDiagnosis.PlaceOf(image)}, or "
            : "";
        var repositoryPolicy = mayBeMissing
            ? "its policy"
            : $"the repository policy of {image.Repository} in account {image.Registry.Account}";
        var allowsNot =
            !isPartlyAsked && denials.Count == report.Actions.Count
                ? $"allows none of {actions}"
                : $"does not allow {actions}";
        var (policy, arn) = (denials[0].Policy, denials[0].Sentence?.PolicyArn);
        return denials[0] switch
        {
            { IsExplicit: true, Policy: PolicyKind.Repository } =>
                $"{Statement(denials[0])}{repositoryPolicy} denies {actions}",
            { IsExplicit: true, Policy: PolicyKind.Identity } =>
                $"an identity-based policy of account {report.Caller.Account} denies {actions}",
            { Policy: PolicyKind.Repository } => $"{missing}{repositoryPolicy} {allowsNot}",
            { Policy: PolicyKind.Identity } =>
                $"{missing}no identity-based policy of the caller in account {report.Caller.Account} {(denials.Count > 1 && !isPartlyAsked ? "allows any of" : "allows")} {actions}",
            { IsExplicit: true } => $"{Guardrails.Name(policy)}{Arn(arn)} denies {actions}",
            _ => $"{Guardrails.Name(policy)}{Arn(arn)} does not allow {actions}",
        };
    }

    /// <summary>Whether a missing repository explains the denials as well as a policy does.</summary>
    private static bool MayBeMissing(PreflightReport report, IReadOnlyList<Denial> denials) =>
        report.Repository.Repository is Presence.NotSeen && denials[0].IsSilence;

    private static string Statement(Denial denial) =>
        denial.Verdict.Analysis?.DecidedBy is { Policy: PolicyKind.Repository } statement
            ? $"{StatementName.Of(statement)} of "
            : "";

    private static string Arn(string? arn) => arn is null ? "" : $" ({arn})";

    private static IEnumerable<string> Why(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        if (MayBeMissing(report, denials))
        {
            var registry = report.Image.Registry;
            yield return $"AWS denies a missing repository in the same words. With credentials of {(IsOwnerKnown(report) ? $"account {registry.Account}" : "its owner")}, this shows whether it exists:";
            yield return $"  aws {(registry.Kind is RegistryKind.Public ? "ecr-public" : "ecr")} describe-repositories{(IsOwnerKnown(report) ? $" --registry-id {registry.Account}" : "")} --repository-names {report.Image.Repository} --region {registry.Region}";
            yield return "If it is missing, create it or correct the name.";
        }

        yield return denials[0].Verdict.Reason.Length == 0
            ? "Why: so say the policies; AWS was not asked."
            : $"Why: AWS says: {denials[0].Verdict.Reason}";
        var (policy, isExplicit) = (denials[0].Policy, denials[0].IsExplicit);
        if (policy is PolicyKind.Repository && !isExplicit)
        {
            foreach (var line in RepositoryPolicyReading.Lines(report, denials))
            {
                yield return line;
            }
        }

        if (
            !isExplicit
            && policy is PolicyKind.Repository or PolicyKind.Identity
            && report.Repository.Elsewhere is [_, ..] places
        )
        {
            yield return $"The caller's own account {report.Caller.Account} has a repository {report.Image.Repository} too, in {string.Join(", ", places.Select(place => place.Region))}. If that is the one, set EcrRegistry to {string.Join(" or ", places.Select(place => place.Host))}.";
        }

        if (denials.Any(denial => denial.Verdict.Action == PushAction.ListImages))
        {
            yield return $"{PushAction.ListImages} is needed because EcrFloatingTags is true: the versions in the repository decide which floating tags move.";
        }

        if (denials.Any(denial => denial.Verdict.Action == PushAction.DescribeImageScanFindings))
        {
            yield return $"{PushAction.DescribeImageScanFindings} is needed because EcrFailOnSeverity is set: what the scan of the image finds decides whether the push succeeds.";
        }

        if (denials.FirstOrDefault(denial => PushAction.Creates(denial.Verdict.Action)) is { } creation)
        {
            yield return report.Repository.CreatedOnPushBy is { } template
                ? $"{creation.Verdict.Action} is needed because the repository does not exist, and the push creates it by the creation template {template.Prefix}."
                : $"{creation.Verdict.Action} is needed because the repository does not exist.";
        }

        if (isExplicit && policy is PolicyKind.Repository or PolicyKind.Identity)
        {
            yield return "Adding an Allow would not help: a Deny always wins. Change or remove the statement that denies, or except the caller in its condition.";
        }

        if (isExplicit && policy is PolicyKind.Repository)
        {
            foreach (var line in ExplicitDenial.Lines(report, RequestFor(report, denials)))
            {
                yield return line;
            }
        }

        if (Guardrails.Owner(policy, report) is { } owner)
        {
            yield return $"{owner} No statement in the repository policy would help.";
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

        var request = RequestFor(report, denials);
        if (report.IsCrossAccount || denials[0].Code == EcrCode.TokenDenied)
        {
            return (PolicyFixes.For(request), []);
        }

        var ways = PolicyFixes.WithinAccount(request);
        return (ways.Identity, report.Repository.Repository is Presence.Absent ? [] : ways.Repository);
    }

    /// <summary>Of a public registry the account may not be known, and with it the repository's ARN.</summary>
    private static bool IsOwnerKnown(PreflightReport report) => report.Image.Registry.Account.Length > 0;

    private static FixRequest RequestFor(PreflightReport report, IReadOnlyList<Denial> denials) =>
        new()
        {
            Caller = new(report.Caller.Arn, report.Caller.Account, report.Caller.UserId),
            RoleArn = report.Caller.RoleArn,
            RepositoryArn = report.Image.RepositoryArn,
            RepositoryAccount = report.Image.Registry.Account,
            Actions =
            [
                .. report
                    .Verdicts.Select(verdict => verdict.Action)
                    .Where(action => denials.Any(denial => denial.Verdict.Action == action)),
            ],
            Wanting = [denials[0].Policy],
            IsExplicitlyDenied = denials[0].IsExplicit,
            RepositoryPolicy = report.Repository.PolicyDocument,
            RepositoryPolicySeen = report.Repository.Policy is not Presence.NotSeen,
        };

    internal static IEnumerable<string> Show(PolicyFix fix)
    {
        yield return fix.Instruction;
        foreach (var line in fix.ToJson().Split('\n'))
        {
            yield return $"  {line.TrimEnd('\r')}";
        }

        if (fix.AwsCommand() is { } command)
        {
            yield return $"This command adds it; run it as an administrator of account {fix.OwnerAccount}:";
            foreach (var line in command.Split('\n'))
            {
                yield return $"  {line.TrimEnd('\r')}";
            }
        }
    }
}
