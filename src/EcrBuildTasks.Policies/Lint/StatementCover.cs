namespace EcrBuildTasks.Policies.Lint;

/// <summary>Whether one statement covers everything that another covers. Returns false where that cannot be decided simply.</summary>
internal static class StatementCover
{
    /// <summary>Whether denials together match every request that the Allow matches: each action of each principal.</summary>
    public static bool IsCancelledBy(this Statement allow, IReadOnlyList<Statement> denials)
    {
        var applicable = denials.Where(deny =>
            Covers(deny.Conditions, allow.Conditions) && Covers(deny.Resource, allow.Resource)
        );
        var actions = allow.Action.IsNegated
            ? [null]
            : allow.Action.Patterns.Select(pattern => (string?)pattern).ToList();
        var allowed = CallersOf(allow);
        return actions.Count > 0
            && allowed.Count > 0
            && actions.All(action =>
                allowed.All(callers =>
                    applicable.Any(deny => Covers(deny.Action, action, allow.Action) && Covers(deny.Principal, callers))
                )
            );
    }

    /// <summary>Whether one Allow reaches every caller of another, under no further condition.</summary>
    public static bool ReachesAllOf(this Statement broad, Statement narrow) =>
        Covers(broad.Conditions, narrow.Conditions)
        && Covers(broad.Resource, narrow.Resource)
        && CallersOf(narrow).All(callers => Covers(broad.Principal, callers));

    /// <summary>Whether a statement reaches some callers of another, wherever that other's conditions hold.</summary>
    public static bool Reaches(this Statement broad, Statement narrow, NamedCallers callers) =>
        Covers(broad.Conditions, narrow.Conditions)
        && Covers(broad.Resource, narrow.Resource)
        && Covers(broad.Principal, callers);

    /// <summary>Each condition of the broad statement must be one of the narrow statement's too.</summary>
    private static bool Covers(IReadOnlyList<Condition> broad, IReadOnlyList<Condition> narrow) =>
        broad.All(condition =>
            narrow.Any(other =>
                other.Operator == condition.Operator
                && string.Equals(other.Key, condition.Key, StringComparison.OrdinalIgnoreCase)
                && other.Values.ToHashSet(StringComparer.Ordinal).SetEquals(condition.Values)
            )
        );

    private static bool Covers(ResourceElement? broad, ResourceElement? narrow) =>
        broad is null
        || broad is { IsNegated: false } && broad.Patterns.Contains("*", StringComparer.Ordinal)
        || (
            narrow is not null
            && broad.IsNegated == narrow.IsNegated
            && broad.Patterns.SequenceEqual(narrow.Patterns, StringComparer.Ordinal)
        );

    /// <param name="broad">The element that may cover.</param>
    /// <param name="action">A pattern; <see langword="null"/> for all that <paramref name="narrow"/> does not list.</param>
    /// <param name="narrow">The element that the pattern is of.</param>
    private static bool Covers(ActionElement broad, string? action, ActionElement narrow) =>
        (broad.IsNegated, action) switch
        {
            (false, null) => broad.Patterns.Contains("*", StringComparer.Ordinal),
            (true, null) => broad.Patterns.All(excepted => narrow.Patterns.Any(listed => Covers(listed, excepted))),
            (false, _) => broad.Patterns.Any(pattern => Covers(pattern, action)),
            _ => !action.AsSpan().ContainsAny('*', '?') && broad.Matches(action),
        };

    /// <summary>The name of the service is never a pattern.</summary>
    private static bool Covers(string broad, string narrow) =>
        broad == "*"
        || (
            (broad.Split(':', 2), narrow.Split(':', 2)) is ([var service, var name], [var otherService, var otherName])
            && string.Equals(service, otherService, StringComparison.OrdinalIgnoreCase)
            && CoversPattern(name.ToUpperInvariant(), otherName.ToUpperInvariant())
        );

    /// <summary>Like matching a wildcard pattern against text, except that <c>?</c> does not match a <c>*</c> of the other pattern.</summary>
    private static bool CoversPattern(string broad, string narrow)
    {
        var (b, n, afterStar, starText) = (0, 0, -1, 0);
        while (n < narrow.Length)
        {
            if (b < broad.Length && broad[b] == '*')
            {
                afterStar = ++b;
                starText = n;
            }
            else if (b < broad.Length && (broad[b] == narrow[n] || (broad[b] == '?' && narrow[n] != '*')))
            {
                b++;
                n++;
            }
            else if (afterStar >= 0)
            {
                b = afterStar;
                n = ++starText;
            }
            else
            {
                return false;
            }
        }

        return broad.AsSpan(b).TrimStart('*').IsEmpty;
    }

    /// <summary>An identity policy names no callers.</summary>
    private static bool Covers(PrincipalElement? broad, NamedCallers? callers) =>
        broad is null || callers is null
            ? broad is null && callers is null
            : NamedCallers.In(broad).Any(candidate => candidate.Covers(callers));

    private static IReadOnlyList<NamedCallers?> CallersOf(Statement statement) =>
        statement.Principal is { } element ? [.. NamedCallers.In(element)] : [null];
}
