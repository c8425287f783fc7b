namespace EcrBuildTasks.Policies.Lint;

/// <summary>Principals that match nobody, somebody else, or everybody.</summary>
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
                $"{does} only the session {session.Text}: a session's name is somebody's own, or a run's own. Name the role instead."
            );
        }

        foreach (var id in statement.Principal?.Principals.Where(p => p.Kind is PrincipalKind.UniqueId) ?? [])
        {
            var what = id.Text.StartsWith("AIDA", StringComparison.Ordinal) ? "user" : "role";
            yield return linted.Finding(
                LintProblem.OrphanedId,
                $"names {id.Text}, the id that a deleted {what} left behind: it matches nobody, nor a new {what} of the same name. Name the {what} by its ARN again."
            );
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
                $"allows {account.Text}, the repository's own account, which by that alone grants nobody there anything: it leaves it to the identity policies. Name the roles or users, or allow it in their identity policies."
            );
        }

        if (statement is { Principal: { } element, Conditions.Count: 0 } && IsEveryone(element))
        {
            yield return linted.Finding(
                LintProblem.EveryoneAllowed,
                $"allows {(element.IsNegated ? "everyone but a few" : "everyone")}, of any AWS account, without a condition. Name principals, or add a condition such as aws:PrincipalOrgID."
            );
        }
    }

    private static bool IsEveryone(PrincipalElement element) =>
        element.IsNegated || element.Principals.Any(principal => principal.Kind is PrincipalKind.Everyone);
}
