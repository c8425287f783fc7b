using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>One authorization case: a request and the policies that decide it.</summary>
internal sealed record AuthorizationCase
{
    /// <summary>The ID of the case, repeated in the answer.</summary>
    public required string Id { get; init; }

    public required AuthorizationRequest Request { get; init; }

    public required PolicySet Policies { get; init; }

    /// <summary>Whether the case has context keys whose presence and value are unknown.</summary>
    public bool HasUnknownContext { get; init; }

    /// <summary>The expected answer; <see langword="null"/> if not specified.</summary>
    public ExpectedAnswer? Expected { get; init; }

    /// <summary>The decision of the policies.</summary>
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
