namespace EcrBuildTasks.Policies;

/// <summary>Whether <c>NotPrincipal</c> exempts the caller: only if its whole chain is listed.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html</remarks>
internal static class NotPrincipalMatching
{
    public static ReachRange ReachOfAllBut(ReadOnlySpan<Principal> excepted, Effect effect, in Question question)
    {
        var everyone = ReachRange.Exactly(Reach.Direct);
        if (effect is Effect.Deny && question.Policies.PermissionsBoundary is not null)
        {
            return everyone;
        }

        var chain = ListedIn(excepted, question);
        if (chain is Chain.None)
        {
            return everyone;
        }

        if (IsWhole(chain, question.Caller.Kind))
        {
            return ReachRange.None;
        }

        question.Lacks("whether AWS exempts a caller if NotPrincipal lists only its account or only its role");
        return new ReachRange(Reach.None, Reach.Direct);
    }

    private static Chain ListedIn(ReadOnlySpan<Principal> excepted, in Question question)
    {
        var chain = Chain.None;
        foreach (var principal in excepted)
        {
            chain |= LinkOf(principal, question);
        }

        return chain;
    }

    private static Chain LinkOf(Principal principal, in Question question) =>
        principal.Kind switch
        {
            PrincipalKind.Everyone => Chain.Account | Chain.Identity,
            PrincipalKind.Account when PrincipalMatching.IsAccountOf(principal, question) => Chain.Account,
            PrincipalKind.Role when PrincipalMatching.IsRoleOf(principal, question) => Chain.Identity,
            PrincipalKind.RoleSession when PrincipalMatching.IsCaller(principal, question) => Chain.Session,
            PrincipalKind.FederatedUser when PrincipalMatching.IsCaller(principal, question) => Chain.Identity,
            PrincipalKind.User when PrincipalMatching.MayHaveFederatedFrom(principal, question) => Chain.Session,
            PrincipalKind.User when PrincipalMatching.IsCaller(principal, question) => Chain.Identity,
            PrincipalKind.UniqueId when PrincipalMatching.HasUniqueId(principal, question) => Chain.Identity,
            _ => Chain.None,
        };

    private static bool IsWhole(Chain chain, CallerKind kind) =>
        chain.HasFlag(kind is CallerKind.Root ? Chain.Account : Chain.Account | Chain.Identity);

    [Flags]
    private enum Chain
    {
        None = 0,
        Account = 1,
        Identity = 2,
        Session = 4,
    }
}
