using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Explaining;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Explaining;

[Properties(Arbitrary = [typeof(PushPolicies)], MaxTest = 1_000)]
public sealed class PusherLaws
{
    [Property]
    public void Every_caller_who_can_push_is_covered_by_a_pusher(PushPolicy random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var pushers = Named(random.Policy);

        foreach (var (caller, roleArn) in RandomPolicies.Callers)
        {
            var context = RandomPolicies.ContextOf(random.Case, caller, roleArn);
            if (CanPush(caller, context, random.Policy))
            {
                pushers.ShouldContain(pusher => CanPush(caller, context, Granted(pusher)), caller.Arn);
            }
        }
    }

    [Property]
    public void Every_caller_whom_a_pusher_covers_can_push_unless_it_says_partly_or_a_statement_denies(
        PushPolicy random
    )
    {
        ArgumentNullException.ThrowIfNull(random);
        var denials = random.Policy.Statements.Any(statement => statement.Effect is Effect.Deny);
        foreach (var pusher in Named(random.Policy).Where(pusher => !denials && !pusher.IsPartly))
        {
            // Within the owner's account a statement that names the account delegates, and the caller's own policies decide.
            foreach (var (caller, roleArn) in RandomPolicies.Callers.Where(c => c.Caller.Account != Owner))
            {
                var context = RandomPolicies.ContextOf(random.Case, caller, roleArn);
                if (CanPush(caller, context, Granted(pusher)))
                {
                    CanPush(caller, context, random.Policy).ShouldBeTrue(caller.Arn);
                }
            }
        }
    }

    /// <summary>A law whose cases seldom meet what it is about proves little.</summary>
    [Fact]
    public void The_random_policies_have_pushers_of_every_kind()
    {
        var pushers = PushPolicies
            .Policies()
            .Generator.Sample(1_000, new Rnd(1, 3), 6)
            .Select(random => Named(random.Policy))
            .ToList();

        pushers.Count(named => named.Any(pusher => pusher.Except.Count > 0)).ShouldBeGreaterThan(100);
        pushers.Count(named => named.Any(pusher => pusher.IsPartly)).ShouldBeGreaterThan(50);
        pushers.Count(named => named.Any(pusher => !pusher.IsPartly)).ShouldBeGreaterThan(100);
        pushers.Count(named => named.Count == 0).ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData($$"""{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::{{Owner}}:user/owner"},"Action":"ecr:*"}""")]
    [InlineData("""{"Effect":"Allow","NotPrincipal":{"Service":"ecs.amazonaws.com"},"Action":"ecr:*"}""")]
    [InlineData(
        $$"""{"Effect":"Allow","NotPrincipal":{"AWS":"{{Other}}"},"Action":["ecr:Batch*","ecr:Put*"]}""",
        $$"""{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::{{Other}}:role/x"},"Action":["ecr:*Upload","ecr:Upload*"]}"""
    )]
    [InlineData(
        $$"""{"Effect":"Allow","Principal":{"AWS":"{{Other}}"},"Action":["ecr:Batch*","ecr:Put*"]}""",
        $$"""{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::{{Other}}:role/x"},"Action":["ecr:*Upload","ecr:Upload*"]}"""
    )]
    public void A_back_door_by_NotPrincipal_is_named(params string[] statements)
    {
        var json = ExplanationJson.Write(PolicyExplanation.Create(Policy(statements), Owner), Owner);

        json["pushers"]!.AsArray().ShouldContain(pusher => pusher!["mayPush"]!.GetValue<bool>());
    }

    [Fact]
    public void Where_only_narrower_callers_complete_a_push_they_alone_are_named()
    {
        var policy = Policy(
            Allow("\"*\"", "\"ecr:Batch*\"", Condition("StringEquals", "aws:PrincipalOrgID", "o-1")),
            Allow(Arn($"arn:aws:iam::{Other}:role/ci"), "[\"ecr:*Upload\",\"ecr:Upload*\",\"ecr:PutImage\"]")
        );

        var pusher = Named(policy).ShouldHaveSingleItem();

        pusher.Principal!.Kind.ShouldBe(PrincipalKind.Role);
        pusher.IsPartly.ShouldBeTrue();
        pusher.By.Select(statement => statement.Index).ShouldBe([0, 1]);
    }

    private static IReadOnlyList<Pusher> Named(PolicyDocument policy) =>
        [.. PolicyExplanation.Create(policy, Owner).Pushers.Where(pusher => pusher.Missing.Count == 0)];

    /// <summary>The policy that allows a push to those whom a pusher names.</summary>
    private static PolicyDocument Granted(Pusher pusher)
    {
        var conditions = new JsonObject();
        foreach (var condition in pusher.Conditions)
        {
            var keys = conditions[condition.Operator]?.AsObject() ?? [];
            keys[condition.Key] = new JsonArray([.. condition.Values.Select(value => JsonValue.Create(value))]);
            conditions[condition.Operator] = keys;
        }

        var statement = new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = "ecr:*",
            ["Condition"] = conditions,
        };
        if (pusher.Principal is { } principal)
        {
            statement["Principal"] = new JsonObject { ["AWS"] = principal.Text };
        }
        else
        {
            statement["NotPrincipal"] = new JsonObject
            {
                ["AWS"] = new JsonArray([.. pusher.Except.Select(excepted => JsonValue.Create(excepted.Text))]),
            };
        }

        return Policy(statement.ToJsonString());
    }

    /// <summary>By the repository policy: a caller of another account has its own side's leave, one of the owner's has none.</summary>
    private static bool CanPush(Caller caller, RequestContext context, PolicyDocument policy)
    {
        var policies =
            caller.Account == Owner
                ? new PolicySet { IdentityPolicies = [] }
                : new() { IdentityPolicies = Identity(IdentityAllow("*")), SessionPolicy = Policy(IdentityAllow("*")) };
        return PushActions.All(action =>
            Ask(caller, policies with { RepositoryPolicy = policy }, context, action).Verdict is Verdict.Allowed
        );
    }

    private static class PushPolicies
    {
        private static readonly string[] Parts =
        [
            "\"ecr:*\"",
            "[\"ecr:Batch*\",\"ecr:Put*\"]",
            "[\"ecr:*Upload\",\"ecr:Upload*\"]",
            "[\"ecr:BatchGetImage\",\"ecr:*Upload\",\"ecr:Upload*\"]",
            "[\"ecr:BatchCheckLayerAvailability\",\"ecr:PutImage\"]",
        ];

        public static Arbitrary<PushPolicy> Policies() =>
            (
                from random in RandomPolicies.Cases().Generator
                from statements in Gen.ListOf(Statement(), 4)
                from count in Gen.Choose(1, 4)
                select new PushPolicy(random, Policy([.. statements.Take(count)]))
            ).ToArbitrary();

        private static Gen<string> Statement() =>
            from effect in Gen.Frequency((6, Gen.Constant("Allow")), (1, Gen.Constant("Deny")))
            from negated in Gen.Elements("", "Not")
            from principal in Gen.Elements(RandomPolicies.Principals())
            from action in Gen.Elements(Parts)
            from condition in Gen.Frequency((2, Gen.Constant("")), (1, RandomPolicies.Condition()))
            select $$"""{"Effect":"{{effect}}","{{negated}}Principal":{{principal}},"Action":{{action}}{{condition}}}""";
    }
}

/// <summary>A policy about the parts of a push, and a context to ask it in.</summary>
public sealed record PushPolicy(RandomCase Case, PolicyDocument Policy)
{
    public override string ToString() => $"{string.Join(' ', Case.ContextValues)}\n{Policy.ToJson()}";
}
