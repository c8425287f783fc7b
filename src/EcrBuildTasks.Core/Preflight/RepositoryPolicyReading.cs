using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Why the repository policy does not allow the denied actions to the caller.</summary>
internal static class RepositoryPolicyReading
{
    public static IEnumerable<string> Lines(PreflightReport report, IReadOnlyList<Denial> denials) =>
        report.Repository.Policy switch
        {
            Presence.Absent => [$"The repository {report.Image.Repository} has no policy."],
            Presence.NotSeen => [],
            _ => NearMisses(report, denials),
        };

    /// <summary>The mistakes in statements that were meant to allow a denied action.</summary>
    private static IEnumerable<string> NearMisses(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var policy = report.Repository.PolicyDocument!;
        var context = new LintContext
        {
            OwnerAccount = report.Image.Registry.Account,
            Partition = report.Image.Registry.Partition.Name,
            IsPublic = report.Image.Registry.Kind is RegistryKind.Public,
        };
        return PolicyLint
            .Check(policy, context)
            .Where(finding => Explains(finding, policy, denials))
            .Select(finding => $"{finding.Sentence} ({LintDiagnosis.CodeOf(finding.Problem)})");
    }

    private static bool Explains(LintFinding finding, PolicyDocument policy, IReadOnlyList<Denial> denials)
    {
        if (
            finding.Statement is not { } reference
            || policy.Statements[reference.Index] is not { Effect: Effect.Allow } allow
        )
        {
            return false;
        }

        return finding.Problem switch
        {
            LintProblem.BatchGetImageMissing => denials.Any(denial => denial.Verdict.Action == PushAction.BatchGetImage)
                && denials.Count == 1,
            // They allow too much.
            LintProblem.EveryoneAllowed or LintProblem.UnanchoredPermissionSet or LintProblem.ConditionWithoutEffect =>
                false,
            // A misspelled action matches none that is denied.
            LintProblem.UnknownAction => true,
            _ => denials.Any(denial => allow.Action.Matches(denial.Verdict.Action)),
        };
    }
}
