namespace EcrBuildTasks.Policies.Lint;

/// <summary>Allow statements that grant too little for a push, or nothing.</summary>
internal static class GrantRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        var statement = linted.Statement;
        if (statement.Effect is Effect.Deny || statement.Flaws.Length > 0)
        {
            yield break;
        }

        var others = linted.Policy.Statements.Where(other => other.Flaws.Length == 0).ToList();
        if (
            // Anyone can read a public repository.
            !linted.Context.IsPublic
            && statement.Action.Matches(PushAction.PutImage)
            && !statement.Action.Matches(PushAction.BatchGetImage)
            && !others.Any(other =>
                other.Effect is Effect.Allow
                && other.Action.Matches(PushAction.BatchGetImage)
                && other.ReachesAllOf(statement)
            )
        )
        {
            yield return linted.Finding(
                LintProblem.BatchGetImageMissing,
                $"allows {PushAction.PutImage} but not {PushAction.BatchGetImage}: clients check for an existing manifest before they upload one, and AWS lists both actions for a push. Add {PushAction.BatchGetImage}."
            );
        }

        var denials = others.Where(other => other.Effect is Effect.Deny).ToList();
        if (denials.Count > 0 && statement.IsCancelledBy(denials))
        {
            yield return linted.Finding(
                LintProblem.AllowCancelled,
                "has no effect: Deny statements in the same policy deny everything it allows. Remove this statement or the Deny."
            );
        }
    }
}
