namespace EcrBuildTasks.Policies;

/// <summary>What the caller's own policies say: identity policies, permissions boundary, session policy.</summary>
internal struct CallerSide
{
    public Truth Denies { get; private set; }

    public StatementReference? DeniedBy { get; private set; }

    /// <summary>Whether an identity policy allows; <see cref="Truth.True"/> while the policies are not known.</summary>
    public Truth IdentityAllows { get; private set; }

    public StatementReference? AllowedBy { get; private set; }

    /// <summary>Whether the boundary leaves the action in; without one it does.</summary>
    public Truth BoundaryAllows { get; private set; }

    /// <summary>Whether the session policy leaves the action in; without one it does.</summary>
    public Truth SessionAllows { get; private set; }

    /// <summary>Whether a session policy is there to hand identity permissions on to a federated user.</summary>
    public bool LacksSessionPolicy { get; private set; }

    public readonly Truth WithinLimits => BoundaryAllows.And(SessionAllows);

    /// <summary>Identity permissions after all limits.</summary>
    public readonly Truth Allows => IdentityAllows.And(WithinLimits).And((!LacksSessionPolicy).ToTruth());

    public static CallerSide Evaluate(in Question question)
    {
        var policies = question.Policies;
        var side = default(CallerSide);
        side.ReadIdentityPolicies(policies.IdentityPolicies, question);
        side.BoundaryAllows = side.ReadLimit(PolicyKind.PermissionsBoundary, policies.PermissionsBoundary, question);
        side.SessionAllows = side.ReadLimit(PolicyKind.Session, policies.SessionPolicy, question);
        side.LacksSessionPolicy = question.Caller.Kind is CallerKind.FederatedUser && policies.SessionPolicy is null;
        return side;
    }

    private void ReadIdentityPolicies(IReadOnlyList<NamedPolicy>? policies, in Question question)
    {
        IdentityAllows = (policies is null).ToTruth();
        for (var i = 0; policies is not null && i < policies.Count; i++)
        {
            var allows = Read(PolicyKind.Identity, policies[i].Name, policies[i].Policy, question, out var allowedBy);
            IdentityAllows = IdentityAllows.Or(allows);
            AllowedBy ??= allowedBy;
        }
    }

    private Truth ReadLimit(PolicyKind kind, PolicyDocument? policy, in Question question) =>
        policy is null ? Truth.True : Read(kind, name: null, policy, question, out _);

    /// <returns>Whether the policy allows; its denials are added to those of the side.</returns>
    private Truth Read(
        PolicyKind kind,
        string? name,
        PolicyDocument policy,
        in Question question,
        out StatementReference? allowedBy
    )
    {
        var allows = Truth.False;
        allowedBy = null;
        var statements = policy.StatementSpan;
        for (var i = 0; i < statements.Length; i++)
        {
            var statement = statements[i];
            var matches = statement.Matches(kind, question);
            if (statement.Effect is Effect.Deny)
            {
                Denies = Denies.Or(matches);
                DeniedBy ??= matches is Truth.True ? new StatementReference(kind, name, i, statement.Sid) : null;
                continue;
            }

            allows = allows.Or(matches);
            allowedBy ??= matches is Truth.True ? new StatementReference(kind, name, i, statement.Sid) : null;
        }

        return allows;
    }
}
