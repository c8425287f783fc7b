using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

public sealed class UnknownContextTests
{
    private static readonly RequestContext Nothing = RequestContext.Partial([]);

    [Theory]
    [InlineData("user", "Bool", "aws:SecureTransport", "true")]
    [InlineData("user", "Bool", "aws:PrincipalIsAWSService", "false")]
    [InlineData("user", "Bool", "aws:ViaAWSService", "false")]
    [InlineData("user", "StringEquals", "aws:PrincipalType", "User")]
    [InlineData("root", "StringEquals", "aws:PrincipalType", "Account")]
    [InlineData("federated", "StringEquals", "aws:PrincipalType", "FederatedUser")]
    [InlineData("session", "StringEquals", "aws:PrincipalType", "AssumedRole")]
    [InlineData("session", "ArnLike", "codebuild:buildArn", null)]
    [InlineData("session", "ArnLike", "codebuild:projectArn", null)]
    [InlineData("codebuild", "ArnLike", "codebuild:BuildArn", $"arn:aws:codebuild:eu-west-1:{Owner}:build/api:7")]
    [InlineData("codebuild", "ArnLike", "codebuild:ProjectArn", $"arn:aws:codebuild:eu-west-1:{Owner}:project/api")]
    public void What_is_the_same_in_each_request_of_a_push_is_known(
        string kind,
        string conditionOperator,
        string key,
        string? value
    )
    {
        var caller = kind switch
        {
            "user" => User(Owner),
            "root" => Root(Owner),
            "federated" => Federated(Owner),
            "codebuild" => Session(Owner, session: "AWSCodeBuild-0a1b"),
            _ => Session(Owner),
        };
        var context = PushContext.For(caller, Owner, codeBuildArn: $"arn:aws:codebuild:eu-west-1:{Owner}:build/api:7");

        var denied = AskRepository(
            caller,
            Deny("\"*\"", more: Condition(conditionOperator, key, value ?? "x")),
            context
        );
        var other = Ask(
            caller,
            RepositoryOnly(Allow("\"*\""), Deny("\"*\"", more: Condition(conditionOperator, key, Other(value)))),
            context
        );

        if (value is null)
        {
            other.Missing.ShouldBe([key]);
            return;
        }

        denied.ShouldBe(Verdict.ExplicitlyDenied);
        other.Verdict.ShouldBe(Verdict.Allowed);

        static string Other(string? value) =>
            value switch
            {
                "true" => "false",
                "false" => "true",
                _ => (value ?? $"arn:aws:codebuild:eu-west-1:{Owner}:build/x:1") + "x",
            };
    }

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
    [InlineData("aws:SourceIp", "NotIpAddress 10.0.0.0/30, IpAddress 10.0.0.0/30", Verdict.Allowed)]
    [InlineData("aws:SourceIp", "NotIpAddress 10.0.0.0/30, IpAddress 10.0.0.0/31", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "NotIpAddress 10.0.0.0/30, IpAddress 10.0.0.2/31", Verdict.Unknown)]
    [InlineData(
        "aws:SourceIp",
        "NotIpAddress 10.0.0.0/30, IpAddress 10.0.0.2/31, IpAddress 10.0.0.0/31",
        Verdict.Allowed
    )]
    [InlineData("aws:SourceIp", "NotIpAddress 10.0.0.0/31, IpAddress 10.0.0.0", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "NotIpAddress 10.0.0.0/31, IpAddress 10.0.0.1", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "IpAddressIfExists 0.0.0.0/0, IpAddress ::/0", Verdict.Allowed)]
    [InlineData("aws:SourceIp", "IpAddressIfExists 0.0.0.0/0", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "IpAddressIfExists ::/0", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "IpAddress 0.0.0.0/0, IpAddress ::/0", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "IpAddressIfExists ::/0, IpAddress 0.0.0.0/1, IpAddress 128.0.0.0/1", Verdict.Allowed)]
    [InlineData("aws:SourceIp", "IpAddressIfExists ::/0, IpAddress 0.0.0.0/1", Verdict.Unknown)]
    [InlineData("aws:SourceIp", "IpAddressIfExists 0.0.0.0/0, IpAddress 8000::/1", Verdict.Unknown)]
    [InlineData("aws:MultiFactorAuthAge", "NumericLessThanIfExists 5, NumericGreaterThanEquals 5", Verdict.Allowed)]
    [InlineData("aws:MultiFactorAuthAge", "NumericLessThanEqualsIfExists 5, NumericGreaterThan 5", Verdict.Allowed)]
    [InlineData("aws:MultiFactorAuthAge", "NumericLessThanIfExists 5, NumericGreaterThan 5", Verdict.Unknown)]
    [InlineData(
        "aws:MultiFactorAuthAge",
        "NumericLessThanEqualsIfExists 5, NumericGreaterThanEquals 6",
        Verdict.Unknown
    )]
    [InlineData("aws:MultiFactorAuthAge", "NumericEqualsIfExists 5, NumericGreaterThan 5", Verdict.Unknown)]
    [InlineData("aws:MultiFactorAuthAge", "NumericEqualsIfExists 5, NumericLessThan 5", Verdict.Unknown)]
    [InlineData(
        "aws:CurrentTime",
        "DateLessThanIfExists 2026-01-01, DateGreaterThanEquals 2026-01-01",
        Verdict.Allowed
    )]
    [InlineData("aws:CurrentTime", "DateLessThanIfExists 2026-01-01, DateGreaterThan 2026-01-01", Verdict.Unknown)]
    [InlineData(
        "aws:CurrentTime",
        "DateLessThanEqualsIfExists 2026-01-01, DateGreaterThanEquals 2026-01-02",
        Verdict.Unknown
    )]
    public void Grants_allow_where_they_cover_every_value_and_leave_it_unknown_where_they_have_a_gap(
        string key,
        string conditions,
        Verdict verdict
    )
    {
        var grants = conditions
            .Split(", ")
            .Select(condition => condition.Split(' '))
            .Select(parts => Allow("\"*\"", more: Condition(parts[0], key, parts[1])));

        Ask(Session(Owner), RepositoryOnly([.. grants]), Nothing).Verdict.ShouldBe(verdict);
    }

    [Fact]
    public void What_an_unknown_condition_of_an_identity_policy_needs_is_named()
    {
        var decision = Ask(
            Session(Owner),
            new PolicySet
            {
                IdentityPolicies = Identity(
                    IdentityAllow(more: Condition("StringEquals", "aws:SourceVpce", "vpce-1")),
                    IdentityAllow("ecr:Delete*", more: Condition("StringEquals", "aws:Other", "x"))
                ),
            },
            Nothing
        );

        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Missing.ShouldBe(["aws:SourceVpce"]);
    }

    [Fact]
    public void A_settled_decision_names_the_statement_that_decides_in_every_context_and_else_none()
    {
        var never = ""","Condition":{"Null":{"aws:SourceIp":true},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""";
        var some = Condition("IpAddress", "aws:SourceIp", "10.0.0.0/8");
        var others = Condition("NotIpAddress", "aws:SourceIp", "10.0.0.0/8");

        Ask(Session(Owner), RepositoryOnly(Deny("\"*\"", more: never), Allow("\"*\"")), Nothing)
            .DecidedBy.ShouldBe(new StatementReference(PolicyKind.Repository, null, 1, null));
        Ask(Session(Owner), RepositoryOnly(Allow("\"*\"", more: some), Allow("\"*\"", more: others)), Nothing)
            .DecidedBy.ShouldBeNull();
        Ask(Session(Owner), RepositoryOnly(Deny("\"*\"", more: some), Deny("\"*\"", more: others)), Nothing)
            .Verdict.ShouldBe(Verdict.ExplicitlyDenied);
    }

    [Theory]
    [InlineData("""{"StringEquals":{"aws:PrincipalOrgID":"o-1"},"StringLike":{"aws:principalorgid":"o-2*"}}""")]
    [InlineData("""{"Null":{"aws:SourceIp":true},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""")]
    public void Two_conditions_that_no_value_satisfies_never_match(string conditions) =>
        Ask(Session(Owner), RepositoryOnly(Allow("\"*\"", more: $",\"Condition\":{conditions}")), Nothing)
            .Verdict.ShouldBe(Verdict.ImplicitlyDenied);

    [Theory]
    [InlineData("a*", "*b", "?x?", Verdict.Unknown)]
    [InlineData("a*c", "a*d", "a*e", Verdict.ImplicitlyDenied)]
    [InlineData("*", "a*b*", "b*", Verdict.ImplicitlyDenied)]
    [InlineData("a${*}*", "*", "ab*", Verdict.ImplicitlyDenied)]
    public void Patterns_on_an_unknown_key_match_together_only_what_some_text_matches(
        string first,
        string second,
        string third,
        Verdict verdict
    ) =>
        Ask(
            Session(Owner),
            RepositoryOnly(Allow("\"*\"", more: AllOf("aws:ResourceTag/team", first, second, third))),
            Nothing
        )
            .Verdict.ShouldBe(verdict);

    [Fact]
    public void A_text_may_match_a_pattern_in_a_case_that_stands_nowhere_in_the_policy() =>
        Ask(
            Session(Owner),
            RepositoryOnly(
                Allow(
                    "\"*\"",
                    more: """
                    ,"Condition":{"StringEqualsIgnoreCase":{"aws:UserAgent":"Abc"},"StringLike":{"aws:UserAgent":"aB*"}}
                    """
                )
            ),
            Nothing
        )
            .Verdict.ShouldBe(Verdict.Unknown);

    [Theory]
    [InlineData("ForAllValues:StringLike", "o-2/*", Verdict.ImplicitlyDenied)]
    [InlineData("ForAnyValue:StringLike", "o-2/*", Verdict.Unknown)]
    [InlineData("ForAllValues:StringLike", "*", Verdict.Unknown)]
    public void Values_of_an_unknown_multivalued_key_satisfy_two_conditions_only_where_some_set_does(
        string op,
        string value,
        Verdict verdict
    ) =>
        Ask(
            Session(Owner),
            RepositoryOnly(
                Allow(
                    "\"*\"",
                    more: $$$"""
                    ,"Condition":{
                      "ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":["o-1/r-1/","o-1/r-2/","o-1/r-3/","o-1/r-4/"]},
                      "{{{op}}}":{"aws:PrincipalOrgPaths":"{{{value}}}"}}
                    """
                )
            ),
            Nothing
        )
            .Verdict.ShouldBe(verdict);

    [Fact]
    public void A_variable_of_a_multivalued_key_has_no_value_even_while_the_key_is_unknown() =>
        Ask(
            Session(Owner),
            RepositoryOnly(
                Allow("\"*\"", more: Condition("StringNotEquals", "aws:userid", "${aws:PrincipalOrgPaths}"))
            ),
            RequestContext.Complete(
                [KeyValuePair.Create("aws:userid", (IReadOnlyList<string>)["AROACI:run-1"])],
                unknown: ["aws:PrincipalOrgPaths"]
            )
        )
            .Verdict.ShouldBe(Verdict.Allowed);

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

    [Fact]
    public void An_unknown_value_that_a_variable_compares_with_another_key_is_not_settled_by_its_own_conditions() =>
        Ask(
            Session(Owner),
            RepositoryOnly(
                Allow("\"*\"", more: Condition("StringNotEquals", "aws:userid", "${aws:PrincipalTag/team}")),
                Deny("\"*\"", more: Condition("StringEquals", "aws:PrincipalTag/team", "none")),
                Allow("\"*\"", more: Condition("StringEquals", "aws:PrincipalTag/team", "none"))
            ),
            RequestContext.Complete(
                [KeyValuePair.Create("aws:userid", (IReadOnlyList<string>)["AROACI:run-1"])],
                unknown: ["aws:PrincipalTag/team"]
            )
        )
            .Verdict.ShouldBe(Verdict.Unknown);

    private static string AllOf(string key, string first, string second, string third) =>
        $$$"""
            ,"Condition":{"StringLike":{"{{{key}}}":"{{{first}}}"},
              "StringLikeIfExists":{"{{{key}}}":"{{{second}}}"},
              "ForAnyValue:StringLike":{"{{{key}}}":"{{{third}}}"}}
            """;

    private static PolicySet RepositoryOnly(params string[] statements) =>
        new() { RepositoryPolicy = Policy(statements), IdentityPolicies = [] };
}
