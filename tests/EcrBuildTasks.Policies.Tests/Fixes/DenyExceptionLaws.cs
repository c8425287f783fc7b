using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Fixes;

[Properties(Arbitrary = [typeof(RandomPolicies)], MaxTest = 1_000)]
public sealed class DenyExceptionLaws
{
    private static readonly Statement AllowEveryone = Statement.Parse(Allow("\"*\"", "\"*\""));

    private static readonly PolicySet OtherSideAllows = new()
    {
        IdentityPolicies = Identity(IdentityAllow("*")),
        SessionPolicy = Policy(IdentityAllow("*")),
    };

    [Property]
    public void Sound__an_excepted_caller_is_denied_none_of_the_actions_by_the_statement(
        RandomCase random,
        bool roleIsKnown
    )
    {
        ArgumentNullException.ThrowIfNull(random);
        var context = RandomPolicies.ContextOf(random, random.Caller, random.RoleArn);
        foreach (var denial in Exceptions(random, roleIsKnown))
        {
            foreach (var action in PushActions)
            {
                Decide(random.Caller, context, action, denial.ChangedPolicy!, denial.Reference.Index)
                    .ShouldBe(Verdict.Allowed);
            }
        }
    }

    [Property]
    public void Minimal__everybody_else_is_denied_as_before(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        var before = random.Policies.RepositoryPolicy!;
        foreach (var denial in Exceptions(random, roleIsKnown))
        {
            foreach (var (caller, roleArn) in RandomPolicies.Callers.Where(other => other.Caller != random.Caller))
            {
                var context = RandomPolicies.ContextOf(random, caller, roleArn);
                foreach (var action in PushActions)
                {
                    Decide(caller, context, action, denial.ChangedPolicy!, denial.Reference.Index)
                        .ShouldBe(Decide(caller, context, action, before, denial.Reference.Index));
                }
            }
        }
    }

    [Property]
    public void Preserving__every_other_statement_stays(RandomCase random, bool roleIsKnown)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var denial in Exceptions(random, roleIsKnown))
        {
            var expected = random
                .Policies.RepositoryPolicy!.Statements.Select(statement => statement.ToJson())
                .ToList();
            expected[denial.Reference.Index] = denial.Statement!.ToJson();

            denial
                .ChangedPolicy!.Statements.Select(statement => statement.ToJson())
                .SequenceEqual(expected)
                .ShouldBeTrue();
        }
    }

    [Property]
    public void Complete__what_denies_for_certain_is_found(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var decision = Ask(
            random.Caller,
            OtherSideAllows with
            {
                RepositoryPolicy = random.Policies.RepositoryPolicy,
            },
            action: random.Action,
            context: RequestContext.Partial([])
        );
        if (decision is { Verdict: Verdict.ExplicitlyDenied, DecidedBy: { } decisive })
        {
            DenyExceptions
                .For(RequestFor(random, roleIsKnown: false))
                .ShouldContain(denial => denial.Reference == decisive && denial.IsCertain);
        }
    }

    [Fact]
    public void The_random_policies_hold_many_denials_of_the_caller() =>
        RandomPolicies
            .Sample(1_000)
            .Count(random => Exceptions(random, roleIsKnown: true).Any())
            .ShouldBeGreaterThan(150);

    private static IEnumerable<DenyException> Exceptions(RandomCase random, bool roleIsKnown) =>
        DenyExceptions.For(RequestFor(random, roleIsKnown)).Where(denial => denial.Statement is not null);

    private static FixRequest RequestFor(RandomCase random, bool roleIsKnown) =>
        new()
        {
            Caller = random.Caller,
            RoleArn = roleIsKnown && random.RoleArn.Length > 0 ? random.RoleArn : null,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Actions = PushActions,
            Wanting = [PolicyKind.Repository],
            IsExplicitlyDenied = true,
            RepositoryPolicy = random.Policies.RepositoryPolicy,
            RepositoryPolicySeen = true,
        };

    /// <summary>What one statement of the policy says, everything else allowing.</summary>
    private static Verdict Decide(
        Caller caller,
        RequestContext context,
        string action,
        PolicyDocument policy,
        int statement
    ) =>
        Ask(
            caller,
            OtherSideAllows with
            {
                RepositoryPolicy = policy.Only(statement).With(AllowEveryone),
            },
            context,
            action
        ).Verdict;
}
