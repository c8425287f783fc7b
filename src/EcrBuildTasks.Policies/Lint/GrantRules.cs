namespace EcrBuildTasks.Policies.Lint;

/// <summary>Allows that grant too little to be of use.</summary>
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
            // Anybody may read a public repository.
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
                $"allows {PushAction.PutImage} but not {PushAction.BatchGetImage}: clients look for the manifest before they put it, and AWS lists both for a push. Add {PushAction.BatchGetImage}."
            );
        }

        var denials = others.Where(other => other.Effect is Effect.Deny).ToList();
        if (denials.Count > 0 && statement.IsCancelledBy(denials))
        {
            yield return linted.Finding(
                LintProblem.AllowCancelled,
                "allows nothing: whatever it allows, a Deny of the same policy denies. Remove one of them."
            );
        }
    }
}
