using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Finds mistakes in a policy that AWS accepts.</summary>
public static class PolicyLint
{
    private const int NearLimit = PolicyFix.LongestRepositoryPolicy * 9 / 10;

    /// <param name="context">The known facts about the policy; rules that need an unknown fact are skipped.</param>
    /// <returns>The findings, in the order of the statements; one about the whole policy last.</returns>
    public static IReadOnlyList<LintFinding> Check(PolicyDocument policy, LintContext context)
    {
        var statements = policy.Statements.Select(
            (statement, index) => new LintedStatement(statement, index, policy, context)
        );
        return
        [
            .. statements.SelectMany(statement =>
                PrincipalRules
                    .Check(statement)
                    .Concat(PermissionSetRules.Check(statement))
                    .Concat(Resource(statement))
                    .Concat(ConditionRules.Check(statement))
                    .Concat(GrantRules.Check(statement))
            ),
            .. NearSizeLimit(policy, context),
        ];
    }

    private static IEnumerable<LintFinding> Resource(LintedStatement linted)
    {
        // AWS's own examples for public repositories have one.
        if (linted.Statement.Resource is not null && linted.Context is { Kind: PolicyKind.Repository, IsPublic: false })
        {
            yield return linted.Finding(
                LintProblem.ResourceInRepositoryPolicy,
                "has a Resource element, which a repository policy does not need, because it always applies to its own repository. Amazon ECR rejected such policies in reports up to 2023; the examples of AWS now contain it. Remove it if ECR rejects the policy."
            );
        }
    }

    private static IEnumerable<LintFinding> NearSizeLimit(PolicyDocument policy, LintContext context)
    {
        var length = context.Kind is PolicyKind.Repository ? policy.ToJson().Length : 0;
        if (length > NearLimit)
        {
            yield return new(
                LintProblem.NearSizeLimit,
                $"The repository policy has {length} characters; Amazon ECR accepts at most {PolicyFix.LongestRepositoryPolicy}. Combine statements, or name accounts or an organization instead of many roles.",
                Statement: null
            );
        }
    }
}
