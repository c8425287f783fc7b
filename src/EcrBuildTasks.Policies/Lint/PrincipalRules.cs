using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Principals and ARNs that match no caller, the wrong callers, or everyone.</summary>
internal static class PrincipalRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        var (statement, context) = (linted.Statement, linted.Context);
        var does = statement.Effect is Effect.Allow ? "allows" : "denies";
        foreach (var session in linted.Principals.Where(principal => principal.Kind is PrincipalKind.RoleSession))
        {
            yield return linted.Finding(
                LintProblem.SessionPrincipal,
                $"{does} only the session {session.Text}: session names differ between people and between runs. Name the role instead."
            );
        }

        foreach (var id in statement.Principal?.Principals.Where(p => p.Kind is PrincipalKind.UniqueId) ?? [])
        {
            var what = id.Text.StartsWith("AIDA", StringComparison.Ordinal) ? "user" : "role";
            yield return linted.Finding(
                LintProblem.OrphanedId,
                $"names {id.Text}, the unique ID of a deleted {what}: it matches no caller, not even a new {what} with the same name. Replace it with the ARN of the {what}."
            );
        }

        foreach (var name in InvalidNames(linted))
        {
            yield return linted.Finding(
                LintProblem.InvalidPrincipal,
                $"names {name}, which no caller can be: a principal is a 12-digit account ID or the ARN of a role or user, without wildcards. Correct it, or compare aws:PrincipalArn with a pattern in a condition."
            );
        }

        foreach (var finding in OtherPartitions(linted))
        {
            yield return finding;
        }

        if (statement.Effect is Effect.Deny)
        {
            yield break;
        }

        foreach (
            var account in linted.Principals.Where(p =>
                p.Kind is PrincipalKind.Account && p.Account == context.OwnerAccount
            )
        )
        {
            yield return linted.Finding(
                LintProblem.OwnAccountGrantsNothing,
                $"allows {account.Text}, the account that owns the repository, which grants no access by itself: it delegates to the identity policies of that account. Name the roles or users, or allow the actions in their identity policies."
            );
        }

        if (
            statement.Principal is { } element
            && IsEveryone(element)
            && !statement.Conditions.Any(condition => ConditionRules.RestrictsCallers(condition, statement))
        )
        {
            yield return linted.Finding(
                LintProblem.EveryoneAllowed,
                $"allows {(element.IsNegated ? "everyone except a few principals" : "everyone")}, in any AWS account, without a condition that restricts the callers. Name principals, or add a condition such as aws:PrincipalOrgID."
            );
        }
    }

    private static bool IsEveryone(PrincipalElement element) =>
        element.IsNegated || element.Principals.Any(principal => principal.Kind is PrincipalKind.Everyone);

    /// <summary>What names no principal, in the principals and in the conditions on the caller.</summary>
    private static IEnumerable<string> InvalidNames(LintedStatement linted) =>
        (linted.Statement.Principal?.Principals ?? [])
            .Where(principal =>
                principal is { IsAws: true, Kind: not (PrincipalKind.Everyone or PrincipalKind.UniqueId) }
            )
            .Select(principal => principal.Text)
            .Where(text => !IsAccount(text) && CallerArn.Parse(text) is null)
            .Concat(
                linted
                    .CallerConditions.SelectMany(condition => condition.Values)
                    .Where(value => Arn.Parse(value) is { Account: var account } && !MayBeAccount(account))
            )
            .Concat(
                linted
                    .Statement.Conditions.Where(condition =>
                        condition.Key.EndsWith(":PrincipalAccount", StringComparison.OrdinalIgnoreCase)
                    )
                    .SelectMany(condition => condition.Values)
                    .Where(value => !MayBeAccount(value))
            );

    private static bool MayBeAccount(string text) => text.AsSpan().ContainsAny('*', '?', '$') || IsAccount(text);

    private static bool IsAccount(string text) => text.Length == 12 && text.All(char.IsAsciiDigit);

    private static IEnumerable<LintFinding> OtherPartitions(LintedStatement linted)
    {
        var (statement, context) = (linted.Statement, linted.Context);
        if (context.Partition is not { } partition)
        {
            yield break;
        }

        var arns = (statement.Principal?.Principals.Select(principal => principal.Text) ?? [])
            .Concat(linted.CallerConditions.SelectMany(condition => condition.Values))
            .Concat(statement.Resource?.Patterns ?? []);
        foreach (var arn in arns.Where(arn => PartitionOf(arn) is { } other && other != partition))
        {
            yield return linted.Finding(
                LintProblem.WrongPartition,
                $"names {arn} in the partition {PartitionOf(arn)}, but the registry is in the partition {partition}, where no caller has such an ARN. Start the ARN with arn:{partition}:."
            );
        }
    }

    private static string? PartitionOf(string arn) =>
        Arn.Parse(arn) is { Partition: var partition } && !partition.AsSpan().ContainsAny('*', '?', '$')
            ? partition
            : null;
}
