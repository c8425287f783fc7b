using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Lint;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Lint;

[Properties(Arbitrary = [typeof(RandomPolicies)], MaxTest = 1_000)]
public sealed class LintLaws
{
    private static readonly LintContext Known = new()
    {
        OwnerAccount = Owner,
        Partition = "aws",
        PermissionSetRoles = [],
    };

    [Property]
    public void Each_finding_is_of_a_statement_and_says_what_it_is(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var policy = Policy([.. random.RepositoryStatements]);

        foreach (var finding in PolicyLint.Check(policy, Known))
        {
            finding.Sentence.ShouldEndWith(".");
            if (finding.Statement is { } statement)
            {
                policy.Statements[statement.Index].Sid.ShouldBe(statement.Sid);
            }
        }
    }

    [Property]
    public void An_Allow_that_is_said_to_be_cancelled_never_decides(RandomCase random, bool withDenial)
    {
        ArgumentNullException.ThrowIfNull(random);
        var policy = PolicyOf(random, withDenial);
        var cancelled = Cancelled(policy);
        if (cancelled.Count == 0)
        {
            return;
        }

        var policies = new PolicySet { RepositoryPolicy = policy, IdentityPolicies = Identity(IdentityAllow("*")) };
        foreach (var (caller, roleArn) in RandomPolicies.Callers)
        {
            var context = RandomPolicies.ContextOf(random, caller, roleArn);
            foreach (var action in PushActions)
            {
                var decision = Ask(caller, policies, context, action);
                if (decision is { Verdict: Verdict.Allowed, DecidedBy.Policy: PolicyKind.Repository })
                {
                    cancelled.ShouldNotContain(decision.DecidedBy.Index);
                }
            }
        }
    }

    [Fact]
    public void The_random_policies_hold_many_cancelled_statements() =>
        RandomPolicies
            .Sample(1_000)
            .Count(random => Cancelled(PolicyOf(random, withDenial: true)).Count > 0)
            .ShouldBeGreaterThan(200);

    private static IReadOnlyList<int> Cancelled(PolicyDocument policy) =>
        [
            .. PolicyLint
                .Check(policy, Known)
                .Where(finding => finding.Problem is LintProblem.AllowCancelled)
                .Select(finding => finding.Statement!.Index),
        ];

    private static PolicyDocument PolicyOf(RandomCase random, bool withDenial)
    {
        var allow = random
            .RepositoryStatements.Where(statement => statement.Contains("\"Allow\"", StringComparison.Ordinal))
            .Take(withDenial ? 1 : 0);
        return Policy([
            .. random.RepositoryStatements,
            .. allow.Select(statement => statement.Replace("\"Allow\"", "\"Deny\"", StringComparison.Ordinal)),
        ]);
    }
}
