namespace EcrBuildTasks.Policies;

/// <summary>The <c>Action</c> or <c>NotAction</c> of a statement.</summary>
public sealed class ActionElement
{
    private readonly string[] _patterns;

    internal ActionElement(string[] patterns, bool isNegated)
    {
        this._patterns = patterns;
        IsNegated = isNegated;
    }

    public IReadOnlyList<string> Patterns => _patterns;

    /// <summary>Whether it is a <c>NotAction</c>, which matches each action that is not listed.</summary>
    public bool IsNegated { get; }

    internal static ActionElement Nothing { get; } = new([], isNegated: false);

    /// <summary>Whether the statement is about this action.</summary>
    public bool Matches(string action) => IsListed(action) != IsNegated;

    private bool IsListed(string action)
    {
        foreach (var pattern in _patterns)
        {
            if (IsMatch(pattern, action))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMatch(string pattern, string action)
    {
        if (pattern == "*")
        {
            return true;
        }

        var colon = pattern.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0
            && action.AsSpan().StartsWith(pattern.AsSpan(0, colon + 1), StringComparison.OrdinalIgnoreCase)
            && Wildcard.IsMatch(pattern.AsSpan(colon + 1), action.AsSpan(colon + 1), ignoreCase: true);
    }
}
