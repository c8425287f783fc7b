using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>One authorization case: a request and the policies that decide it.</summary>
internal sealed record AuthorizationCase
{
    /// <summary>The name under which the answer comes back.</summary>
    public required string Id { get; init; }

    public required AuthorizationRequest Request { get; init; }

    public required PolicySet Policies { get; init; }

    /// <summary>Whether the case has context keys of which neither presence nor value is known.</summary>
    public bool HasUnknownContext { get; init; }

    /// <summary>The right answer; <see langword="null"/> when the case does not say.</summary>
    public ExpectedAnswer? Expected { get; init; }

    /// <summary>What the policies say, in the verdicts that answers have.</summary>
    public Decision Decide()
    {
        var decision = PolicyEvaluator.Evaluate(Request, Policies);
        // Which denial it is may be left open by the context alone, not by what AWS leaves unsaid.
        return decision.Verdict is Verdict.Denied && !HasUnknownContext
            ? decision with
            {
                Verdict = Verdict.Unknown,
            }
            : decision;
    }
}
