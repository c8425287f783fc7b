using static EcrBuildTasks.Policies.Samples;

namespace EcrBuildTasks.Policies;

public sealed class UnknownContextTests
{
    private static readonly RequestContext Nothing = RequestContext.Partial([]);

    [Fact]
    public void A_deny_on_an_unknown_key_leaves_a_grant_unknown_and_names_the_key()
    {
        var decision = Ask(
            Session(Owner),
            RepositoryOnly(
                Allow("\"*\""),
                Deny("\"*\"", more: Condition("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")),
                Deny("\"*\"", "\"ecr:Delete*\"", Condition("StringEquals", "aws:Other", "x"))
            ),
            Nothing
        );

        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Missing.ShouldBe(["aws:SourceIp"]);
    }

    [Fact]
    public void Certainly_denied_but_maybe_by_a_statement_is_denied() =>
        Ask(
            Session(Owner),
            RepositoryOnly(Deny("\"*\"", more: Condition("StringEquals", "aws:SourceVpce", "vpce-1"))),
            Nothing
        )
            .Verdict.ShouldBe(Verdict.Denied);

    [Theory]
    [InlineData("StringEquals", "StringNotEquals", "aws:PrincipalOrgID", "o-1")]
    [InlineData("Null", "StringLike", "aws:SourceVpce", "*")]
    [InlineData("IpAddress", "NotIpAddress", "aws:SourceIp", "10.0.0.0/8")]
    public void Two_grants_that_together_cover_every_value_allow(string op, string otherOp, string key, string value) =>
        Ask(
            Session(Owner),
            RepositoryOnly(
                Allow("\"*\"", more: Condition(op, key, op == "Null" ? "true" : value)),
                Allow("\"*\"", more: Condition(otherOp, key, value))
            ),
            Nothing
        )
            .Verdict.ShouldBe(Verdict.Allowed);

    [Theory]
    [InlineData("""{"StringEquals":{"aws:PrincipalOrgID":"o-1"},"StringLike":{"aws:principalorgid":"o-2*"}}""")]
    [InlineData("""{"Null":{"aws:SourceIp":true},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""")]
    public void Two_conditions_that_no_value_satisfies_never_match(string conditions) =>
        Ask(Session(Owner), RepositoryOnly(Allow("\"*\"", more: $",\"Condition\":{conditions}")), Nothing)
            .Verdict.ShouldBe(Verdict.ImplicitlyDenied);

    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/*", Verdict.Allowed)]
    [InlineData("arn:aws:iam::*:role/ci", Verdict.Unknown)]
    [InlineData("arn:aws:iam::111111111111:role/svc/*", Verdict.Unknown)]
    [InlineData("arn:aws:iam::111111111111:role/other", Verdict.ImplicitlyDenied)]
    [InlineData("arn:aws:iam::222222222222:role/*", Verdict.ImplicitlyDenied)]
    public void The_unknown_path_of_the_callers_role_matters_only_where_it_decides(string pattern, Verdict verdict) =>
        Ask(
            Session(Owner),
            RepositoryOnly(Allow("\"*\"", more: Condition("ArnLike", "aws:PrincipalArn", pattern))),
            Nothing
        )
            .Verdict.ShouldBe(verdict);

    [Theory]
    [InlineData("*AWSReservedSSO_Dev_????????????????", Verdict.Allowed)]
    [InlineData("*AWSReservedSSO_De_????????????????", Verdict.ImplicitlyDenied)]
    [InlineData("eu-west-1/AWSReservedSSO_Dev_*", Verdict.Unknown)]
    public void A_role_of_Identity_Center_is_known_to_stand_at_its_path(string pattern, Verdict verdict) =>
        Ask(
            Session(Owner, "AWSReservedSSO_Dev_0123456789abcdef", "jane@example.com"),
            RepositoryOnly(
                Allow(
                    "\"*\"",
                    more: Condition(
                        "ArnLike",
                        "aws:PrincipalArn",
                        $"arn:aws:iam::{Owner}:role/aws-reserved/sso.amazonaws.com/{pattern}"
                    )
                )
            ),
            Nothing
        )
            .Verdict.ShouldBe(verdict);

    private static PolicySet RepositoryOnly(params string[] statements) =>
        new() { RepositoryPolicy = Policy(statements), IdentityPolicies = [] };
}
