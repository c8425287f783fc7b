namespace EcrBuildTasks.Policies;

/// <summary>Whether both sides together grant a request, explicit denials apart.</summary>
internal static class Grant
{
    public static Truth Evaluate(in ResourceSide resource, in CallerSide caller, in Question question)
    {
        // Root needs no policy of its own account.
        var isRoot = question.Caller.Kind is CallerKind.Root;
        if (question.IsAboutNoRepository)
        {
            return isRoot ? Truth.True : caller.Allows;
        }

        return question.IsSameAccount
            ? isRoot
                ? Truth.True
                : WithinAccount(resource.Grants, caller)
            : AcrossAccounts(resource.Grants, isRoot ? Truth.True : caller.Allows);
    }

    /// <summary>One Allow is enough; one to the role is cut by boundary and session policy, a direct one is not.</summary>
    private static Truth WithinAccount(ReachRange grants, in CallerSide caller) =>
        grants.IsAtLeast(Reach.Direct).Or(grants.IsAtLeast(Reach.Limited).And(caller.WithinLimits)).Or(caller.Allows);

    /// <summary>The repository's side must allow and the caller's side must allow.</summary>
    private static Truth AcrossAccounts(ReachRange grants, Truth callerAllows) =>
        grants.IsAtLeast(Reach.Delegated).And(callerAllows);
}
