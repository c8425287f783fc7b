using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Statements whose actions do not exist, or that grant too little for a push, or nothing.</summary>
internal static class GrantRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        foreach (var finding in UnknownActions(linted))
        {
            yield return finding;
        }

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

    private static IEnumerable<LintFinding> UnknownActions(LintedStatement linted)
    {
        var (element, context) = (linted.Statement.Action, linted.Context);
        if (context.Kind is not PolicyKind.Repository)
        {
            yield break;
        }

        foreach (var pattern in element.Patterns)
        {
            if (Mistake(pattern, element.IsNegated, context.IsPublic) is { } mistake)
            {
                yield return linted.Finding(LintProblem.UnknownAction, $"names the action {pattern}, {mistake}");
            }
        }
    }

    private static string? Mistake(string pattern, bool isExcepted, bool isPublic)
    {
        var (kind, service) = isPublic ? ("public", "ecr-public:") : ("private", "ecr:");
        var action = new ActionElement([pattern], isNegated: false);
        if (EcrActions.OnRepositories(isPublic).Any(action.Matches))
        {
            return null;
        }

        if (!pattern.StartsWith(service, StringComparison.OrdinalIgnoreCase))
        {
            // To except what cannot be asked for changes nothing.
            return isExcepted
                ? null
                : $"which is not an action on a {kind} repository. Remove it, or write the action as {service}<name>.";
        }

        if (EcrActions.OnRegistries(isPublic).Any(action.Matches))
        {
            return isExcepted
                ? null
                : "which applies to the whole registry, so that a repository policy cannot allow or deny it. Use an identity policy for it.";
        }

        return NearNames.Find(pattern, EcrActions.OnRepositories(isPublic), farthest: 4) is [var near, ..]
            ? $"which does not exist. Did you mean {near}?"
            : "which does not exist. Correct its name, or remove it.";
    }
}
