namespace EcrBuildTasks.Policies.Explaining;

/// <summary>Principals of a policy in words.</summary>
public static class PrincipalWords
{
    /// <summary>The principals of a statement.</summary>
    public static string Describe(PrincipalElement? element) =>
        element switch
        {
            null => "the principal that the policy is attached to",
            { IsNegated: true } => EveryoneBut(element),
            _ => string.Join(", ", element.Principals.Select(Describe)),
        };

    /// <summary>One principal of a statement.</summary>
    /// <param name="principal">The principal; <see langword="null"/> where the element does not list it.</param>
    internal static string Describe(PrincipalElement? element, Principal? principal) =>
        principal is null ? Describe(element) : Describe(principal);

    /// <summary>A principal, by its kind, name and account.</summary>
    internal static string Describe(Principal principal) =>
        principal.Kind switch
        {
            PrincipalKind.Everyone => "everyone",
            PrincipalKind.Account => $"account {principal.Account}",
            PrincipalKind.Role => $"role {principal.Name} in account {principal.Account}",
            PrincipalKind.User => $"user {principal.Name} in account {principal.Account}",
            PrincipalKind.RoleSession =>
                $"the single session {principal.Name} of a role in account {principal.Account}",
            PrincipalKind.FederatedUser => $"federated user {principal.Name} in account {principal.Account}",
            PrincipalKind.UniqueId => $"{principal.Text} (a deleted role or user)",
            _ => principal.Text,
        };

    /// <summary>A short name of a pusher for a table; if a condition restricts an account to roles, the roles.</summary>
    public static string Short(Pusher pusher)
    {
        if (pusher.Principal is not { Kind: PrincipalKind.Account } account)
        {
            return pusher.Who.Replace(" in account ", " in ", StringComparison.Ordinal) + Conditional(pusher);
        }

        return
            pusher.Conditions is [{ Key: var key } arns]
            && string.Equals(key, "aws:PrincipalArn", StringComparison.OrdinalIgnoreCase)
            && arns.Parsed is { IsNegated: false, Comparison: not Comparison.Null }
            ? $"{string.Join(", ", arns.Values.Select(LastPart).Distinct(StringComparer.Ordinal))} in {account.Account}"
            : $"{account.Account}{Conditional(pusher)}";
    }

    private static string Conditional(Pusher pusher) =>
        pusher.Conditions.Count > 0 || pusher.IsPartly ? " (conditional)" : "";

    private static string EveryoneBut(PrincipalElement element) =>
        $"everyone except {string.Join(", ", element.Principals.Select(Describe))}";

    private static string LastPart(string arn) => arn[(arn.LastIndexOfAny(['/', ':']) + 1)..];
}
