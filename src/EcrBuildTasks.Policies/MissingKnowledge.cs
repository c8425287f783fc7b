namespace EcrBuildTasks.Policies;

/// <summary>Names what would have to be known, by evaluating once more and listening.</summary>
internal static class MissingKnowledge
{
    public static IReadOnlyList<string> Of(in Question question)
    {
        var missing = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var listening = question.With(question.Context, missing);
        var decision = PolicyEvaluator.Decide(listening);
        if (question.Policies.IdentityPolicies is null && decision.Verdict is Verdict.Unknown)
        {
            missing.Add("the caller's identity policies");
        }

        return [.. missing];
    }
}
