namespace EcrBuildTasks.Policies.Explaining;

/// <summary>Principals of a policy in words.</summary>
public static class PrincipalWords
{
    /// <summary>All that a statement is about.</summary>
    public static string Of(PrincipalElement? element) =>
        element switch
        {
            null => "whoever has the policy",
            { IsNegated: true } => EveryoneBut(element),
            _ => string.Join(", ", element.Principals.Select(Of)),
        };

    /// <summary>One principal of a statement.</summary>
    /// <param name="principal">The principal; <see langword="null"/> where the element does not list it.</param>
    internal static string Of(PrincipalElement? element, Principal? principal) =>
        principal is null ? Of(element) : Of(principal);

    /// <summary>A principal, by its kind, name and account.</summary>
    internal static string Of(Principal principal) =>
        principal.Kind switch
        {
            PrincipalKind.Everyone => "everyone",
            PrincipalKind.Account => $"account {principal.Account}",
            PrincipalKind.Role => $"role {principal.Name} of account {principal.Account}",
            PrincipalKind.User => $"user {principal.Name} of account {principal.Account}",
            PrincipalKind.RoleSession => $"the one session {principal.Name} of a role of account {principal.Account}",
            PrincipalKind.FederatedUser => $"federated user {principal.Name} of account {principal.Account}",
            PrincipalKind.UniqueId => $"{principal.Text}, a role or user that was deleted",
            _ => principal.Text,
        };

    /// <summary>A pusher in short, for a table: of an account that a condition narrows to roles, these.</summary>
    public static string Short(Pusher pusher)
    {
        if (pusher.Principal is not { Kind: PrincipalKind.Account } account)
        {
            return pusher.Who.Replace(" of account ", " of ", StringComparison.Ordinal) + Conditional(pusher);
        }

        return
            pusher.Conditions is [{ Key: var key } arns]
            && string.Equals(key, "aws:PrincipalArn", StringComparison.OrdinalIgnoreCase)
            && arns.Parsed is { IsNegated: false, Comparison: not Comparison.Null }
            ? $"{string.Join(", ", arns.Values.Select(LastPart).Distinct(StringComparer.Ordinal))} of {account.Account}"
            : $"{account.Account}{Conditional(pusher)}";
    }

    private static string Conditional(Pusher pusher) =>
        pusher.Conditions.Count > 0 || pusher.IsPartly ? " (conditional)" : "";

    private static string EveryoneBut(PrincipalElement element) =>
        $"everyone but {string.Join(", ", element.Principals.Select(Of))}";

    private static string LastPart(string arn) => arn[(arn.LastIndexOfAny(['/', ':']) + 1)..];
}
