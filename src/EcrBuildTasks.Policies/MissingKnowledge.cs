namespace EcrBuildTasks.Policies;

/// <summary>Lists the facts that are needed for a decision: evaluates again and records each unknown.</summary>
internal static class MissingKnowledge
{
    public static IReadOnlyList<string> Find(in Question question)
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
