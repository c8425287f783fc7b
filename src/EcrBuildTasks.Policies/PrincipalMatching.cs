namespace EcrBuildTasks.Policies;

/// <summary>Whether a principal of a policy is the caller, and how far that reaches.</summary>
internal static class PrincipalMatching
{
    public static ReachRange ReachOf(this Principal principal, in Question question) =>
        principal.Kind switch
        {
            PrincipalKind.Everyone => ReachRange.Exactly(Reach.Direct),
            PrincipalKind.Account => ReachWhen(IsAccountOf(principal, question), Reach.Delegated),
            PrincipalKind.Role => ReachWhen(IsRoleOf(principal, question), Reach.Limited),
            PrincipalKind.RoleSession => ReachWhen(IsCaller(principal, question), Reach.Direct),
            PrincipalKind.FederatedUser => ReachWhen(IsCaller(principal, question), Reach.Direct),
            PrincipalKind.User => ReachOfUser(principal, question),
            PrincipalKind.UniqueId => ReachOfUniqueId(principal, question),
            _ => ReachRange.None,
        };

    public static bool IsAccountOf(Principal principal, in Question question) =>
        principal.Account == question.Request.Caller.Account
        && (principal.Partition.Length == 0 || question.Caller.Partition.SequenceEqual(principal.Partition));

    /// <summary>The session's ARN has lost the role's path: account, partition and name decide.</summary>
    public static bool IsRoleOf(Principal principal, in Question question) =>
        question.Caller.Kind is CallerKind.RoleSession
        && principal.Account == question.Request.Caller.Account
        && question.Caller.Partition.SequenceEqual(principal.Partition)
        && question.Caller.Name.SequenceEqual(principal.Name);

    public static bool IsCaller(Principal principal, in Question question) =>
        principal.Text == question.Request.Caller.Arn;

    /// <summary>The id stands before the session's name in a role's user id.</summary>
    public static bool HasUniqueId(Principal principal, in Question question)
    {
        var userId = question.Request.Caller.UserId.AsSpan();
        var colon = userId.IndexOf(':');
        return (colon < 0 ? userId : userId[..colon]).SequenceEqual(principal.Text);
    }

    /// <summary>A federated user's session does not say which user of the account it came from; no user's ARN has wildcards.</summary>
    public static bool MayHaveFederatedFrom(Principal user, in Question question) =>
        question.Caller.Kind is CallerKind.FederatedUser
        && IsAccountOf(user, question)
        && !user.Text.AsSpan().ContainsAny('*', '?');

    private static ReachRange ReachOfUser(Principal principal, in Question question) =>
        MayHaveFederatedFrom(principal, question)
            ? new ReachRange(Reach.None, Reach.Limited)
            : ReachWhen(IsCaller(principal, question), Reach.Direct);

    private static ReachRange ReachOfUniqueId(Principal principal, in Question question) =>
        ReachWhen(
            HasUniqueId(principal, question),
            question.Caller.Kind is CallerKind.RoleSession ? Reach.Limited : Reach.Direct
        );

    private static ReachRange ReachWhen(bool matches, Reach reach) =>
        matches ? ReachRange.Exactly(reach) : ReachRange.None;
}
