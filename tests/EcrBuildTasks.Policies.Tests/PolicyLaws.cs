using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

[Properties(Arbitrary = [typeof(RandomPolicies)], MaxTest = 500)]
public sealed class PolicyLaws
{
    [Property]
    public void The_parser_throws_nothing_but_its_own_exception(string? text)
    {
        try
        {
            PolicyDocument.Parse(text ?? "null");
        }
        catch (PolicyFormatException exception)
        {
            exception.Message.ShouldNotBeEmpty();
        }
    }

    [Property]
    public void A_policy_with_a_part_replaced_parses_or_throws_the_parsers_own_exception(RandomCase random, byte place)
    {
        ArgumentNullException.ThrowIfNull(random);
        var json = Policy([.. random.RepositoryStatements, Allow("\"*\"")]).ToJson();
        var strings = json.Split('"');
        foreach (var replacement in (string[])["", "{", "\\ud800", "\",\"", "\":{\"a\":1},\"", "é"])
        {
            var changed = strings.ToArray();
            changed[place % strings.Length] = replacement;
            try
            {
                Ask(
                    random.Caller,
                    new PolicySet { RepositoryPolicy = PolicyDocument.Parse(string.Join('"', changed)) }
                );
            }
            catch (PolicyFormatException exception)
            {
                exception.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Property]
    public Property An_added_allow_never_turns_allowed_into_anything_else(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var before = Decide(random, random.Policies);
        return Prop.ForAll(
            RandomPolicies.RepositoryStatement().Where(IsAllow).ToArbitrary(),
            added =>
            {
                var after = Decide(random, Repository(random, [.. random.RepositoryStatements, added]));
                if (before.Verdict is Verdict.Allowed or Verdict.ExplicitlyDenied)
                {
                    after.Verdict.ShouldBe(before.Verdict);
                }
            }
        );

        static bool IsAllow(string statement) => statement.Contains("\"Effect\":\"Allow\"", StringComparison.Ordinal);
    }

    [Property]
    public void An_explicit_deny_always_wins(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var policies = Repository(random, [.. random.RepositoryStatements, Deny("\"*\"", "\"*\"")]);

        Decide(random, policies).Verdict.ShouldBe(Verdict.ExplicitlyDenied);
    }

    [Property]
    public void The_order_of_statements_does_not_matter(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var reversed = Repository(random, [.. random.RepositoryStatements.Reverse()]);

        Decide(random, reversed).Verdict.ShouldBe(Decide(random, random.Policies).Verdict);
    }

    [Property]
    public void A_policy_that_was_written_and_read_again_says_the_same(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var policy = Policy([.. random.RepositoryStatements]);
        var again = PolicyDocument.Parse(policy.ToJson(indented: true));

        again.ToJson().ShouldBe(policy.ToJson());
        Decide(random, random.Policies with { RepositoryPolicy = again })
            .Verdict.ShouldBe(Decide(random, random.Policies with { RepositoryPolicy = policy }).Verdict);
    }

    [Property(MaxTest = 3000)]
    public void What_is_certain_without_the_context_holds_in_every_context(RandomCase random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var blind = Ask(random.Caller, random.Policies, RequestContext.Partial([]), random.Action);
        var seeing = Decide(random, random.Policies);

        switch (blind.Verdict)
        {
            case Verdict.Unknown:
                blind.Missing.ShouldNotBeEmpty();
                break;
            case Verdict.Denied:
                seeing.Verdict.ShouldBeOneOf(Verdict.ImplicitlyDenied, Verdict.ExplicitlyDenied, Verdict.Denied);
                break;
            default:
                seeing.Verdict.ShouldBe(blind.Verdict);
                break;
        }
    }

    private static PolicySet Repository(RandomCase random, string[] statements) =>
        random.Policies with
        {
            RepositoryPolicy = Policy(statements),
        };

    private static Decision Decide(RandomCase random, PolicySet policies) =>
        Ask(random.Caller, policies, Context(random.Keys), random.Action);
}
