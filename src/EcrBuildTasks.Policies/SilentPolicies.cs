namespace EcrBuildTasks.Policies;

/// <summary>The kinds of policy in which an Allow is missing when no statement denies.</summary>
internal static class SilentPolicies
{
    public static IReadOnlyList<PolicyKind> Find(in ResourceSide resource, in CallerSide caller, in Question question)
    {
        var silent = new List<PolicyKind>(capacity: 2);
        if (IsAcrossAccounts(question) && resource.Grants.IsAtLeast(Reach.Delegated) is not Truth.True)
        {
            silent.Add(PolicyKind.Repository);
        }

        if (question.Caller.Kind is CallerKind.Root)
        {
            return silent;
        }

        AddIf(PolicyKind.Identity, caller.IdentityAllows is not Truth.True && !IsGrantedToRole(resource, question));
        AddIf(PolicyKind.PermissionsBoundary, caller.BoundaryAllows is not Truth.True);
        AddIf(PolicyKind.Session, caller.SessionAllows is not Truth.True || caller.LacksSessionPolicy);
        return silent;

        void AddIf(PolicyKind kind, bool isSilent)
        {
            if (isSilent)
            {
                silent.Add(kind);
            }
        }
    }

    private static bool IsAcrossAccounts(in Question question) =>
        !question.IsAboutNoRepository && !question.IsSameAccount;

    /// <summary>Within the account, an Allow for the role in the repository policy replaces one in the identity policy.</summary>
    private static bool IsGrantedToRole(in ResourceSide resource, in Question question) =>
        question.IsSameAccount && resource.Grants.Certain >= Reach.Limited;
}
