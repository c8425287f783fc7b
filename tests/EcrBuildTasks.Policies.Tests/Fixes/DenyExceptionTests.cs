using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Fixes;

public sealed class DenyExceptionTests
{
    private const string Role = $"arn:aws:iam::{Other}:role/svc/ci";
    private const string Breakglass = $"arn:aws:iam::{Owner}:role/breakglass";

    [Fact]
    public void An_unconditional_denial_gets_a_condition_that_excepts_the_caller()
    {
        var denial = Single(Deny("\"*\"", "\"ecr:PutImage\"", ",\"Sid\":\"NoPush\""));

        denial.Reference.ShouldBe(new StatementReference(PolicyKind.Repository, null, 1, "NoPush"));
        denial.IsCertain.ShouldBeTrue();
        denial.OtherActions.ShouldBeEmpty();
        denial
            .Statement!.ToJson()
            .ShouldBe(
                Deny(
                    "\"*\"",
                    "\"ecr:PutImage\"",
                    ",\"Sid\":\"NoPush\""
                        + Condition("ArnNotLike", "aws:PrincipalArn", Role).Replace(" }", "}", StringComparison.Ordinal)
                )
            );
        denial.ChangedPolicy!.Statements[0].ToJson().ShouldBe(Allow(Arn(Other)));
    }

    [Theory]
    [InlineData("ArnNotLike", "aws:principalarn")]
    [InlineData("ArnNotEquals", "aws:PrincipalArn")]
    public void A_list_of_exceptions_gets_the_caller_as_one_more(string operatorName, string key)
    {
        var denial = Single(Deny("\"*\"", more: Condition(operatorName, key, Breakglass)));

        var condition = denial.Statement!.Conditions.ShouldHaveSingleItem();
        condition.Operator.ShouldBe(operatorName);
        condition.Values.ShouldBe([Breakglass, Role]);
    }

    [Fact]
    public void A_list_of_exceptions_by_another_key_stays_and_gets_one_for_the_caller()
    {
        var denial = Single(Deny("\"*\"", more: Condition("ArnNotLike", "aws:SourceArn", Breakglass)));

        denial
            .Statement!.Conditions.Select(condition => (condition.Operator, condition.Key, condition.Values.Single()))
            .ShouldBe([("ArnNotLike", "aws:SourceArn", Breakglass), ("ArnNotLike", "aws:PrincipalArn", Role)]);
    }

    [Fact]
    public void A_user_is_excepted_by_its_own_ARN()
    {
        var request = Request(Deny("\"*\"")) with { Caller = User(Other), RoleArn = null };

        DenyExceptions
            .For(request)
            .ShouldHaveSingleItem()
            .Statement!.Conditions.ShouldHaveSingleItem()
            .Values.ShouldBe([User(Other).Arn]);
    }

    [Fact]
    public void A_denial_of_all_but_some_actions_says_so() =>
        Single(Deny("\"*\"", "\"ecr:DescribeImages\"").Replace("\"Action\"", "\"NotAction\"", StringComparison.Ordinal))
            .OtherActions.ShouldBe(["all but ecr:DescribeImages"]);

    [Fact]
    public void NotPrincipal_stays_as_it_is_beside_a_condition()
    {
        var statement = Deny(Arn(Owner, Breakglass))
            .Replace("\"Principal\"", "\"NotPrincipal\"", StringComparison.Ordinal);

        var changed = Single(statement).Statement!;

        changed.Principal!.IsNegated.ShouldBeTrue();
        changed.Principal.Principals.Count.ShouldBe(2);
        changed.Conditions.ShouldHaveSingleItem().Values.ShouldBe([Role]);
    }

    [Fact]
    public void Other_conditions_stay_and_a_condition_on_what_is_not_known_leaves_it_uncertain()
    {
        var denial = Single(Deny("\"*\"", more: Condition("StringNotEquals", "aws:SourceVpce", "vpce-1")));

        denial.IsCertain.ShouldBeFalse();
        denial
            .Statement!.Conditions.Select(condition => condition.Key)
            .ShouldBe(["aws:SourceVpce", "aws:PrincipalArn"]);
        denial.OtherActions.ShouldBe(["ecr:*"]);
    }

    [Fact]
    public void A_denial_that_is_certain_leaves_the_possible_ones_out()
    {
        var possible = Deny("\"*\"", more: Condition("StringNotEquals", "aws:SourceVpce", "vpce-1"));

        DenyExceptions.For(Request(possible, Deny("\"*\""))).ShouldHaveSingleItem().Reference.Index.ShouldBe(1);
        DenyExceptions.For(Request(possible, Deny(Arn(Owner)))).ShouldHaveSingleItem().Reference.Index.ShouldBe(0);
    }

    [Fact]
    public void A_caller_whose_ARN_is_like_a_pattern_is_told_the_statement_without_an_exception()
    {
        var request = Request(Deny("\"*\"")) with { Caller = User(Other, "a*b/alice"), RoleArn = null };

        var denial = DenyExceptions.For(request).ShouldHaveSingleItem();

        denial.Statement.ShouldBeNull();
        denial.ChangedPolicy.ShouldBeNull();
    }

    private static DenyException Single(string denial) =>
        DenyExceptions.For(Request(Allow(Arn(Other)), denial)).ShouldHaveSingleItem();

    private static FixRequest Request(params string[] statements) =>
        new()
        {
            Caller = Session(Other),
            RoleArn = Role,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Actions = ["ecr:PutImage"],
            Wanting = [PolicyKind.Repository],
            IsExplicitlyDenied = true,
            RepositoryPolicy = Policy(statements),
            RepositoryPolicySeen = true,
        };
}
