using EcrBuildTasks.Policies;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Samples;

namespace EcrBuildTasks.Fixes;

[Properties(Arbitrary = [typeof(RandomPolicies)], MaxTest = 300)]
public sealed class FixLaws
{
    private static readonly IReadOnlyList<NamedPolicy> Everything = Identity(IdentityAllow("*"));

    private static readonly string[] AllActions = [.. PushActions, "ecr:DeleteRepository", "ecr:DescribeImages"];

    [Property]
    public void Sound__with_the_fix_every_denied_action_is_allowed(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            foreach (var action in request.Actions)
            {
                var verdict = Decide(random.Caller, random.RoleArn, action, fix.ChangedPolicy, random);
                // A Deny under a condition that only the request's context decides is no fix's to see.
                if (
                    Decide(random.Caller, random.RoleArn, action, request.RepositoryPolicy, random)
                    is Verdict.ImplicitlyDenied
                )
                {
                    verdict.ShouldBe(Verdict.Allowed);
                }
            }
        }
    }

    [Property]
    public void Minimal__no_other_principal_and_no_other_action_gains(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            foreach (var (caller, roleArn) in RandomPolicies.Callers)
            {
                foreach (var action in AllActions)
                {
                    if (IsFederatedFrom(random.Caller, caller))
                    {
                        // A grant to a user may reach the sessions that the user federates: its own, in a way.
                        continue;
                    }

                    if (caller != random.Caller || !request.Actions.Contains(action, StringComparer.Ordinal))
                    {
                        Decide(caller, roleArn, action, fix.ChangedPolicy, random)
                            .ShouldBe(Decide(caller, roleArn, action, request.RepositoryPolicy, random));
                    }
                }
            }
        }
    }

    [Property]
    public void Preserving__every_other_statement_stays_and_the_sid_is_unique(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            var before = request.RepositoryPolicy?.Statements.Select(statement => statement.ToJson()) ?? [];
            var after = fix.ChangedPolicy!.Statements;
            after.SkipLast(1).Select(statement => statement.ToJson()).ShouldBe(before);
            after[^1].ToJson().ShouldBe(fix.Statement.ToJson());
            after.Count(statement => statement.Sid == fix.Statement.Sid).ShouldBe(1);
            fix.IsTooLong.ShouldBeFalse();
        }
    }

    [Property]
    public void Idempotent__after_the_fix_there_is_nothing_to_fix(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            RepositoryFixes(request with { RepositoryPolicy = fix.ChangedPolicy }).ShouldBeEmpty();
        }
    }

    [Property(MaxTest = 500)]
    public void The_smallest_fix_of_a_denial_allows_the_request_and_exists_wherever_nothing_denies(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = new AuthorizationRequest
        {
            Caller = random.Caller,
            Action = random.Action,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Context = Context(random.Keys),
        };
        var policies = random.Policies;
        var decision = PolicyEvaluator.Evaluate(request, policies);

        var fixes = PolicyFixes.Smallest(request, policies, decision);

        if (decision.Verdict is not Verdict.ImplicitlyDenied)
        {
            fixes.ShouldBeNull();
            return;
        }

        if (random.Caller.Arn.Contains(":federated-user/", StringComparison.Ordinal))
        {
            // Across accounts nothing helps a federated user that passes no session policy.
            fixes.ShouldBeNull();
            return;
        }

        fixes.ShouldNotBeNull().Count.ShouldBe(decision.Silent.Count);
    }

    private static IReadOnlyList<PolicyFix> RepositoryFixes(FixRequest request) =>
        [.. PolicyFixes.For(request).Where(fix => fix.Policy is PolicyKind.Repository)];

    private static bool IsFederatedFrom(Caller user, Caller session) =>
        user.Account == session.Account
        && user.Arn.Contains(":user/", StringComparison.Ordinal)
        && session.Arn.Contains(":federated-user/", StringComparison.Ordinal);

    private static FixRequest RequestFor(RandomCase random, bool roleIsKnown) =>
        new()
        {
            Caller = random.Caller,
            RoleArn = roleIsKnown && random.RoleArn.Length > 0 ? random.RoleArn : null,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Actions = [.. PushActions.SkipWhile(action => action != random.Action)],
            Wanting = [PolicyKind.Repository, PolicyKind.Identity],
            RepositoryPolicy = random.Policies.RepositoryPolicy,
            RepositoryPolicySeen = true,
        };

    /// <summary>What the repository policy gives, the caller's own side allowing everything across accounts and nothing within.</summary>
    private static Verdict Decide(
        Caller caller,
        string roleArn,
        string action,
        PolicyDocument? policy,
        RandomCase random
    ) =>
        Ask(
            caller,
            new PolicySet
            {
                RepositoryPolicy = policy,
                IdentityPolicies = caller.Account == Owner ? [] : Everything,
                SessionPolicy = caller.Account == Owner ? null : Policy(IdentityAllow("*")),
            },
            Context((random with { Caller = caller, RoleArn = roleArn }).Keys),
            action
        ).Verdict;
}
