namespace EcrBuildTasks.Policies.Names;

/// <summary>The prefixes by which a registry has rules for repositories of a namespace, or by <c>ROOT</c> for all others.</summary>
public static class NamespacePrefix
{
    public const string Root = "ROOT";

    /// <summary>The rule for a repository: that of the longest prefix.</summary>
    internal static T? RuleFor<T>(string repository, IEnumerable<T> rules, Func<T, string> prefixOf)
        where T : class =>
        rules
            .Where(rule =>
                prefixOf(rule) is Root || repository.StartsWith(StartOf(prefixOf(rule)), StringComparison.Ordinal)
            )
            .MaxBy(rule => prefixOf(rule) is Root ? 0 : StartOf(prefixOf(rule)).Length);

    /// <summary>What names begin with under a prefix: ECR takes a slash at the end for granted.</summary>
    internal static string StartOf(string prefix) => prefix is Root ? "" : prefix.TrimEnd('/') + '/';
}
