namespace EcrBuildTasks.Policies;

/// <summary>Whether a statement applies to a request; the cheapest checks come first.</summary>
internal static class StatementMatching
{
    /// <summary>How far a statement of a repository or registry policy reaches the caller.</summary>
    public static ReachRange ReachOf(this Statement statement, PolicyKind kind, in Question question)
    {
        if (!statement.IsAbout(question.Request.Action))
        {
            return ReachRange.None;
        }

        if (question.Missing is null)
        {
            return Reaching(statement, kind, question);
        }

        var range = Reaching(statement, kind, question.Quiet());
        if (range.Certain != range.Possible)
        {
            Reach(statement, question);
            Match(statement, kind, question);
        }

        return range;
    }

    /// <summary>Whether a statement of one of the caller's own policies matches.</summary>
    public static Truth Matches(this Statement statement, PolicyKind kind, in Question question)
    {
        if (!statement.IsAbout(question.Request.Action))
        {
            return Truth.False;
        }

        var match = Match(statement, kind, question.Missing is null ? question : question.Quiet());
        if (match is Truth.Unknown && question.Missing is not null)
        {
            Match(statement, kind, question);
        }

        return match;
    }

    private static bool IsAbout(this Statement statement, string action) =>
        statement.Action.Matches(action) || statement.Flaws.Length > 0;

    private static ReachRange Reaching(Statement statement, PolicyKind kind, in Question question)
    {
        var reach = Reach(statement, question);
        return reach.Possible is Policies.Reach.None ? ReachRange.None : reach.If(Match(statement, kind, question));
    }

    private static ReachRange Reach(Statement statement, in Question question) =>
        statement.Principal?.ReachOf(statement.Effect, question)
        ?? new ReachRange(Policies.Reach.None, Policies.Reach.Direct);

    private static Truth Match(Statement statement, PolicyKind kind, in Question question)
    {
        var match = MatchElements(statement, kind, question);
        var conditions = statement.ConditionSpan;
        for (var i = 0; i < conditions.Length && match is not Truth.False; i++)
        {
            match = match.And(conditions[i].Holds(question));
        }

        return match;
    }

    private static Truth MatchElements(Statement statement, PolicyKind kind, in Question question)
    {
        var match = statement.Resource?.Matches(question) ?? Truth.True;
        if (match is Truth.False || IsSound(statement, kind))
        {
            return match;
        }

        foreach (var flaw in statement.Flaws)
        {
            question.Lacks(flaw);
        }

        if (statement.Flaws.Length == 0)
        {
            question.Lacks($"how AWS evaluates a statement with elements of another kind of policy: {statement.Sid}");
        }

        return Truth.Unknown;
    }

    /// <summary>A statement of a repository policy has a principal and usually no resource; of a registry policy both; of the others a resource.</summary>
    private static bool IsSound(Statement statement, PolicyKind kind) =>
        statement.Flaws.Length == 0
        && kind switch
        {
            PolicyKind.Repository => statement.Principal is not null,
            PolicyKind.Registry => statement is { Principal: not null, Resource: not null },
            _ => statement is { Principal: null, Resource: not null },
        };
}
