namespace EcrBuildTasks.Policies;

/// <summary>What the owner of the repository says: repository policy and registry policy.</summary>
internal struct ResourceSide
{
    public Truth Denies { get; private set; }

    public StatementReference? DeniedBy { get; private set; }

    public ReachRange Grants { get; private set; }

    public StatementReference? GrantedBy { get; private set; }

    public static ResourceSide Evaluate(in Question question)
    {
        var side = default(ResourceSide);
        if (!question.IsAboutNoRepository)
        {
            side.Add(PolicyKind.Repository, question.Policies.RepositoryPolicy, question);
            side.Add(PolicyKind.Registry, question.Policies.RegistryPolicy, question);
        }

        return side;
    }

    private void Add(PolicyKind kind, PolicyDocument? policy, in Question question)
    {
        var statements = policy is null ? [] : policy.StatementSpan;
        for (var i = 0; i < statements.Length && Denies is not Truth.True; i++)
        {
            var statement = statements[i];
            var reach = statement.ReachOf(kind, question);
            if (reach.Possible is Reach.None)
            {
                continue;
            }

            if (statement.Effect is Effect.Deny)
            {
                Deny(reach.IsAtLeast(Reach.Delegated), statement, kind, i);
            }
            else
            {
                Grant(reach, statement, kind, i);
            }
        }
    }

    private void Deny(Truth denies, Statement statement, PolicyKind kind, int index)
    {
        Denies = Denies.Or(denies);
        if (denies is Truth.True)
        {
            DeniedBy = new StatementReference(kind, PolicyName: null, index, statement.Sid);
        }
    }

    private void Grant(ReachRange reach, Statement statement, PolicyKind kind, int index)
    {
        if (reach.Certain > Grants.Certain)
        {
            GrantedBy = new StatementReference(kind, PolicyName: null, index, statement.Sid);
        }

        Grants = Grants.Or(reach);
    }
}
