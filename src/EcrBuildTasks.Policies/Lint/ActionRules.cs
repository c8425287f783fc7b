using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Actions that do not exist, or that a repository policy cannot allow.</summary>
internal static class ActionRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
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
