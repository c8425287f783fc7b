namespace EcrBuildTasks.Policies;

/// <summary>The context keys that hold the tags of a repository.</summary>
public static class ResourceTags
{
    private static readonly string[] Prefixes = ["aws:ResourceTag/", "ecr:ResourceTag/", "ecr-public:ResourceTag/"];

    /// <summary>Whether a statement of the policy depends on the tags of the repository.</summary>
    public static bool AreIn(PolicyDocument? policy) => policy?.Statements.Any(s => ConditionsIn(s).Any()) is true;

    internal static IEnumerable<Condition> ConditionsIn(Statement statement) =>
        statement.Conditions.Where(condition => TagOf(condition.Key) is not null);

    /// <summary>The key of the tag; <see langword="null"/> for another context key.</summary>
    internal static string? TagOf(string key) =>
        Prefixes.FirstOrDefault(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix
            ? key[prefix.Length..]
            : null;

    internal static IEnumerable<(string Key, string Value)> Keys(IReadOnlyDictionary<string, string> tags) =>
        tags.SelectMany(tag => Prefixes.Select(prefix => (prefix + tag.Key, tag.Value)));
}
