using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>A statement to check, with its policy and context.</summary>
internal sealed record LintedStatement(Statement Statement, int Index, PolicyDocument Policy, LintContext Context)
{
    private const string PrincipalArn = "aws:PrincipalArn";

    /// <summary>The principals that the statement allows or denies; empty for <c>NotPrincipal</c>.</summary>
    public IReadOnlyList<Principal> Principals =>
        Statement.Principal is { IsNegated: false } element ? element.Principals : [];

    /// <summary>The conditions on the caller's ARN.</summary>
    public IEnumerable<Condition> CallerConditions =>
        Statement.Conditions.Where(condition =>
            string.Equals(condition.Key, PrincipalArn, StringComparison.OrdinalIgnoreCase)
        );

    /// <param name="predicate">The sentence after the statement's name.</param>
    public LintFinding Finding(LintProblem problem, string predicate)
    {
        var reference = new StatementReference(Context.Kind, PolicyName: null, Index, Statement.Sid);
        var name = StatementName.Describe(reference);
        var policy = Context.Kind is PolicyKind.Repository ? "the repository policy" : "the policy";
        return new(problem, $"S{name[1..]} of {policy} {predicate}", reference);
    }
}
