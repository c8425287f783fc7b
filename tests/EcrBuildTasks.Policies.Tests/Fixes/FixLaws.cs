using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Fixes;

[Properties(Arbitrary = [typeof(RandomPolicies)], MaxTest = 1_000)]
public sealed class FixLaws
{
    private static readonly PolicySet NothingElse = new() { IdentityPolicies = [] };

    private static readonly PolicySet OtherSideAllows = new()
    {
        IdentityPolicies = Identity(IdentityAllow("*")),
        SessionPolicy = Policy(IdentityAllow("*")),
    };

    private static readonly string[] AllActions = [.. PushActions, "ecr:DeleteRepository", "ecr:DescribeImages"];

    [Property]
    public void Sound__with_the_fix_every_denied_action_is_allowed(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            var (before, after) = (request.RepositoryPolicy, fix.ChangedPolicy);
            var context = RandomPolicies.ContextOf(random, random.Caller, random.RoleArn);
            foreach (var action in request.Actions)
            {
                // A Deny under a condition that only the request's context decides is no fix's to see.
                if (Decide(random.Caller, context, action, before) is Verdict.ImplicitlyDenied)
                {
                    Decide(random.Caller, context, action, after).ShouldBe(Verdict.Allowed);
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
            var (before, after) = (request.RepositoryPolicy, fix.ChangedPolicy);
            foreach (var (caller, roleArn) in RandomPolicies.Callers)
            {
                if (caller != random.Caller && IsFederatedFrom(random.Caller, caller))
                {
                    // A grant to a user may reach the sessions that the user federates: its own, in a way.
                    continue;
                }

                var context = RandomPolicies.ContextOf(random, caller, roleArn);
                foreach (var action in AllActions)
                {
                    if (caller != random.Caller || !request.Actions.Contains(action, StringComparer.Ordinal))
                    {
                        Decide(caller, context, action, after).ShouldBe(Decide(caller, context, action, before));
                    }
                }
            }
        }
    }

    [Property]
    public void Preserving__every_other_statement_stays_the_sid_is_unique_and_the_size_limit_holds(
        RandomCase random,
        bool roleIsKnown
    )
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = RequestFor(random, roleIsKnown);

        foreach (var fix in RepositoryFixes(request))
        {
            var before = request.RepositoryPolicy?.Statements.Select(statement => statement.ToJson()) ?? [];
            var changed = fix.ChangedPolicy!;
            var after = changed.Statements;
            after.SkipLast(1).Select(statement => statement.ToJson()).SequenceEqual(before).ShouldBeTrue();
            (after[^1].ToJson() == fix.Statement.ToJson()).ShouldBeTrue();
            after.Count(statement => statement.Sid == fix.Statement.Sid).ShouldBe(1);
            fix.IsTooLong.ShouldBe(changed.ToJson().Length > 10_240);
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

    [Property]
    public void The_smallest_fix_of_a_denial_allows_the_request_and_exists_wherever_nothing_denies(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var request = new AuthorizationRequest
        {
            Caller = random.Caller,
            Action = random.Action,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Context = RandomPolicies.ContextOf(random, random.Caller, random.RoleArn),
        };
        var policies = random.Policies;
        var decision = PolicyEvaluator.Evaluate(request, policies);

        var fixes = PolicyFixes.Smallest(request, policies, decision);

        if (decision.Verdict is not Verdict.ImplicitlyDenied)
        {
            fixes.ShouldBeNull();
            return;
        }

        if (random.Caller == Federated(Other))
        {
            // Across accounts nothing helps a federated user that passes no session policy.
            fixes.ShouldBeNull();
            return;
        }

        fixes.ShouldNotBeNull().Count.ShouldBe(random.Caller.Account == Owner ? 1 : decision.Silent.Count);
    }

    /// <summary>A law whose cases seldom meet what it is about proves little: these are the shares of such cases.</summary>
    [Fact]
    public void The_random_policies_reach_hard_ground()
    {
        var cases = RandomPolicies.Sample(3_000);
        var mended = cases
            .Select(random => (Random: random, Fixes: RepositoryFixes(RequestFor(random, roleIsKnown: true))))
            .Where(mend => mend.Fixes.Count > 0)
            .ToList();

        (mended.Count / 3_000d).ShouldBeGreaterThan(0.7);
        foreach (var (caller, _) in RandomPolicies.Callers)
        {
            Share(random => random.Caller == caller).ShouldBeGreaterThan(0.05, caller.Arn);
        }

        Share(random => random.Caller.Account == Owner).ShouldBeGreaterThan(0.2);
        Share(random => Has(random, statement => statement.Effect is Effect.Deny)).ShouldBeGreaterThan(0.4);
        Share(random => Has(random, statement => statement.Principal!.IsNegated)).ShouldBeGreaterThan(0.4);
        Share(random => Has(random, statement => statement.Conditions.Count > 0)).ShouldBeGreaterThan(0.7);
        Share(random => Has(random, statement => statement.Action.IsNegated)).ShouldBeGreaterThan(0.4);
        (mended.Count(mend => mend.Fixes[0].IsTooLong) / (double)mended.Count).ShouldBeInRange(0.005, 0.1);
        (mended.Count(mend => mend.Fixes[0].Statement.Sid!.EndsWith('2')) / (double)mended.Count).ShouldBeGreaterThan(
            0.005
        );

        double Share(Predicate<RandomCase> isHard) => mended.Count(mend => isHard(mend.Random)) / (double)mended.Count;

        static bool Has(RandomCase random, Func<Statement, bool> isHard) =>
            random.Policies.RepositoryPolicy?.Statements.Any(isHard) ?? false;
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
    private static Verdict Decide(Caller caller, RequestContext context, string action, PolicyDocument? policy) =>
        Ask(
            caller,
            (caller.Account == Owner ? NothingElse : OtherSideAllows) with
            {
                RepositoryPolicy = policy,
            },
            context,
            action
        ).Verdict;
}
