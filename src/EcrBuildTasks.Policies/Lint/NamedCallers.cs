namespace EcrBuildTasks.Policies.Lint;

/// <summary>
/// The callers that one principal of a statement names, or those that its <c>NotPrincipal</c> does not list.
/// </summary>
/// <param name="Principal">The principal; <see langword="null"/> for everyone except <paramref name="Except"/>.</param>
internal sealed record NamedCallers(Principal? Principal, IReadOnlyList<Principal> Except)
{
    /// <summary>One set for each principal of the element; a single set for a <c>NotPrincipal</c>.</summary>
    public static IReadOnlyList<NamedCallers> In(PrincipalElement element) =>
        element.IsNegated
            ? [new(null, element.Principals)]
            : [.. element.Principals.Select(principal => new NamedCallers(principal, []))];

    /// <summary>Whether every caller in the other set is certainly in this set.</summary>
    public bool Covers(NamedCallers other) =>
        (Principal, other.Principal) switch
        {
            ({ } broad, var narrow) => Covers(broad, narrow),
            // A NotPrincipal with the same or fewer exceptions covers the other one.
            (null, null) => Except.All(excepted => other.Except.Any(listed => listed.Text == excepted.Text)),
            // Whether AWS exempts a caller that is listed in part is not known.
            (null, { } narrow) => !Except.Any(excepted => MayMeet(excepted, narrow)),
        };

    /// <summary>Whether a caller can be in both sets.</summary>
    public bool MayMeet(NamedCallers other) =>
        (Principal, other.Principal) is ({ } one, { } another)
            ? MayMeet(one, another)
            : !ExceptsAllOf(other) && !other.ExceptsAllOf(this);

    /// <summary>A <c>NotPrincipal</c> exempts a caller only if it lists the caller and its account.</summary>
    private bool ExceptsAllOf(NamedCallers other) =>
        Except.Any(excepted => excepted.Kind is PrincipalKind.Everyone)
        || other.Principal is { } listed
            && Except.Any(excepted => excepted.Kind is PrincipalKind.Account && Covers(excepted, listed))
            && Except.Any(excepted =>
                excepted.Kind is not (PrincipalKind.Account or PrincipalKind.RoleSession) && Covers(excepted, listed)
            );

    private static bool MayMeet(Principal one, Principal another) =>
        Covers(one, another)
        || Covers(another, one)
        // Neither a unique ID nor a federated user's session identifies the user behind it.
        || one.Kind is PrincipalKind.UniqueId
        || another.Kind is PrincipalKind.UniqueId
        || (
            one.Account == another.Account
            && (one.Kind, another.Kind)
                is
                    (PrincipalKind.User, PrincipalKind.FederatedUser)
                    or
                    (PrincipalKind.FederatedUser, PrincipalKind.User)
        );

    private static bool Covers(Principal broad, Principal? narrow) =>
        broad.Kind is PrincipalKind.Everyone
        || broad.Text == narrow?.Text
        || (
            narrow is not null
            && narrow.Account == broad.Account
            && (broad.Kind, narrow.Kind) switch
            {
                (PrincipalKind.Account, not (PrincipalKind.UniqueId or PrincipalKind.NotAnIamCaller)) => broad
                    .Partition
                    .Length == 0
                    || broad.Partition == narrow.Partition,
                (PrincipalKind.Role, PrincipalKind.Role) => broad.Partition == narrow.Partition
                    && broad.Name == narrow.Name,
                (PrincipalKind.Role, PrincipalKind.RoleSession) => broad.Partition == narrow.Partition
                    && broad.Name == narrow.Name.Split('/')[0],
                _ => false,
            }
        );
}
