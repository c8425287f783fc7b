using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

public sealed class ConditionTests
{
    private static readonly RequestContext Known = Context(
        ("aws:SourceIp", ["203.0.113.14"]),
        ("aws:PrincipalTag/team", ["Alpha"]),
        ("aws:PrincipalArn", [$"arn:aws:iam::{Owner}:role/svc/ci"]),
        ("aws:CurrentTime", ["2026-05-01T12:00:00Z"]),
        ("aws:EpochTime", ["1777636800"]),
        ("aws:MultiFactorAuthAge", ["30"]),
        ("aws:SecureTransport", ["true"]),
        ("aws:PrincipalOrgPaths", ["o-a/r-1/ou-1/", "o-a/r-1/ou-2/"]),
        ("aws:SourceOrgPaths", ["o-a/r-1/"]),
        ("aws:VpceOrgPaths", ["o-a/r-1/"])
    );

    [Theory]
    [InlineData("StringEquals", "AWS:principalTAG/Team", "Alpha", true)]
    [InlineData("StringEquals", "aws:PrincipalTag/team", "alpha", false)]
    [InlineData("StringEquals", "aws:PrincipalTag/team", "A*", false)]
    [InlineData("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "ALPHA", true)]
    [InlineData("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "A*", false)]
    [InlineData("StringNotEqualsIgnoreCase", "aws:PrincipalTag/team", "ALPHA", false)]
    [InlineData("StringNotEqualsIgnoreCase", "aws:PrincipalTag/team", "Beta", true)]
    [InlineData("StringLike", "aws:PrincipalTag/team", "A?p*", true)]
    [InlineData("StringLike", "aws:PrincipalTag/team", "a*", false)]
    [InlineData("StringNotLike", "aws:PrincipalTag/team", "a*", true)]
    [InlineData("StringNotEquals", "aws:Absent", "x", true)]
    [InlineData("StringEquals", "aws:Absent", "x", false)]
    [InlineData("StringEqualsIfExists", "aws:Absent", "x", true)]
    [InlineData("ForAnyValue:StringEqualsIfExists", "aws:Absent", "x", true)]
    [InlineData("ForAnyValue:StringEquals", "aws:Absent", "x", false)]
    [InlineData("ForAllValues:StringEquals", "aws:Absent", "x", true)]
    [InlineData("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "*ou-2/", true)]
    [InlineData("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "*ou-2/", false)]
    [InlineData("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", "*ou-2/", true)]
    [InlineData("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", "*ou-2/", false)]
    [InlineData("Null", "aws:Absent", "true", true)]
    [InlineData("Null", "aws:SourceIp", "true", false)]
    [InlineData("Null", "aws:SourceIp", "false", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*ci", true)]
    [InlineData("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/svc/c?", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:*:role/svc/ci", false)]
    [InlineData("StringLike", "aws:PrincipalArn", "arn:aws:*:role/svc/ci", true)]
    [InlineData("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", true)]
    [InlineData("IpAddress", "aws:SourceIp", "203.0.113.0/24", true)]
    [InlineData("IpAddress", "aws:SourceIp", "203.0.113.14", true)]
    [InlineData("IpAddress", "aws:SourceIp", "0.0.0.0/0", true)]
    [InlineData("IpAddress", "aws:SourceIp", "::/0", false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "2001:db8::1", true)]
    [InlineData("NotIpAddress", "aws:Absent", "10.0.0.0/8", true)]
    [InlineData("DateEquals", "aws:CurrentTime", "2026-05-01T14:00:00+02:00", true)]
    [InlineData("DateEquals", "aws:CurrentTime", "1777636800", true)]
    [InlineData("DateLessThan", "aws:EpochTime", "2026-05-02", true)]
    [InlineData("DateGreaterThanEquals", "aws:EpochTime", "2026-05-01T12:00:01Z", false)]
    [InlineData("DateGreaterThanEquals", "aws:CurrentTime", "2026-05-01T12:00:00Z", true)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "2026-05-01T12:00:00Z", false)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "2026-05-01T11:59:59Z", true)]
    [InlineData("DateLessThan", "aws:CurrentTime", "2026-05-01T12:00:00Z", false)]
    [InlineData("DateLessThanEquals", "aws:CurrentTime", "2026-05-01T12:00:00Z", true)]
    [InlineData("DateLessThanEquals", "aws:CurrentTime", "2026-05-01T11:59:59Z", false)]
    [InlineData("DateNotEquals", "aws:CurrentTime", "2026-05-01T12:00:00Z", false)]
    [InlineData("DateNotEquals", "aws:CurrentTime", "2026-05-01T12:00:01Z", true)]
    [InlineData("DateGreaterThanEquals", "aws:CurrentTime", "-62135596800", true)]
    [InlineData("DateLessThanEquals", "aws:CurrentTime", "253402300799", true)]
    [InlineData("NumericEquals", "aws:MultiFactorAuthAge", "30.0", true)]
    [InlineData("NumericLessThan", "aws:MultiFactorAuthAge", "9", false)]
    [InlineData("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "30", true)]
    [InlineData("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "30.1", false)]
    [InlineData("NumericGreaterThan", "aws:MultiFactorAuthAge", "30", false)]
    [InlineData("NumericGreaterThan", "aws:MultiFactorAuthAge", "29.9", true)]
    [InlineData("NumericLessThan", "aws:MultiFactorAuthAge", "30", false)]
    [InlineData("NumericLessThan", "aws:MultiFactorAuthAge", "30.1", true)]
    [InlineData("NumericLessThanEquals", "aws:MultiFactorAuthAge", "30", true)]
    [InlineData("NumericLessThanEquals", "aws:MultiFactorAuthAge", "29.9", false)]
    [InlineData("NumericNotEquals", "aws:MultiFactorAuthAge", "30", false)]
    [InlineData("NumericNotEquals", "aws:MultiFactorAuthAge", "31", true)]
    [InlineData("Bool", "aws:SecureTransport", "TRUE", true)]
    [InlineData("Bool", "aws:SecureTransport", "false", false)]
    public void An_operator_compares_as_documented(string operatorName, string key, string value, bool holds) =>
        AskRepository(Session(Owner), Allow("\"*\"", more: Condition(operatorName, key, value)), Known)
            .ShouldBe(holds ? Verdict.Allowed : Verdict.ImplicitlyDenied);

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0 10.255.255.255", "9.255.255.255 11.0.0.0 ::a00:0")]
    [InlineData("10.200.3.4/8", "10.0.0.0 10.255.255.255", "9.255.255.255 11.0.0.0")]
    [InlineData("10.1.2.3", "10.1.2.3", "10.1.2.2 10.1.2.4")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.2 10.1.2.4")]
    [InlineData("10.1.2.2/31", "10.1.2.2 10.1.2.3", "10.1.2.1 10.1.2.4")]
    [InlineData("0.0.0.0/0", "0.0.0.0 255.255.255.255", ":: ffff::")]
    [InlineData("128.0.0.0/1", "128.0.0.0 255.255.255.255", "127.255.255.255 ::")]
    [InlineData("2001:db8::/32", "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff:: 2001:db9::")]
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8:: 2001:db8::2")]
    [InlineData("2001:db8::1/128", "2001:db8::1", "2001:db8:: 2001:db8::2")]
    [InlineData("::/0", ":: ffff::", "0.0.0.0 255.255.255.255")]
    public void A_range_holds_the_addresses_from_its_first_to_its_last(string range, string inside, string outside)
    {
        Verdict Ask(string address) =>
            AskRepository(
                Session(Owner),
                Allow("\"*\"", more: Condition("IpAddress", "aws:SourceIp", range)),
                Context(("aws:SourceIp", [address]))
            );

        inside.Split(' ').Where(address => Ask(address) is not Verdict.Allowed).ShouldBeEmpty();
        outside.Split(' ').Where(address => Ask(address) is not Verdict.ImplicitlyDenied).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("2001:db8::/129")]
    public void A_range_that_is_none_leaves_the_answer_unknown(string range) =>
        AskRepository(Session(Owner), Allow("\"*\"", more: Condition("IpAddress", "aws:SourceIp", range)), Known)
            .ShouldBe(Verdict.Unknown);

    [Fact]
    public void Of_several_values_any_may_match_but_under_a_negated_operator_none()
    {
        Verdict Ask(string op, params string[] values) =>
            AskRepository(Session(Owner), Allow("\"*\"", more: Condition(op, "aws:PrincipalTag/team", values)), Known);

        Ask("StringEquals", "Beta", "Alpha").ShouldBe(Verdict.Allowed);
        Ask("StringNotEquals", "Beta", "Alpha").ShouldBe(Verdict.ImplicitlyDenied);
        Ask("StringNotEquals", "Beta", "Gamma").ShouldBe(Verdict.Allowed);
    }

    [Fact]
    public void Json_booleans_and_numbers_are_values_too() =>
        AskRepository(
                Session(Owner),
                Allow(
                    "\"*\"",
                    more: ""","Condition":{"Bool":{"aws:SecureTransport":true},"NumericEquals":{"aws:MultiFactorAuthAge":[30.0]}}"""
                ),
                Known
            )
            .ShouldBe(Verdict.Allowed);

    [Theory]
    [InlineData("StringEquals", "${aws:PrincipalTag/team}", true)]
    [InlineData("StringEquals", "${aws:nothing, 'Alpha'}", true)]
    [InlineData("StringEquals", "${aws:username}", false)]
    [InlineData("StringNotEquals", "${aws:username}", true)]
    [InlineData("StringLike", "A${*}a", false)]
    [InlineData("StringLike", "${aws:PrincipalTag/team}*", true)]
    public void A_policy_variable_is_its_value_and_without_one_matches_nothing(string op, string value, bool holds) =>
        AskRepository(Session(Owner), Allow("\"*\"", more: Condition(op, "aws:PrincipalTag/team", value)), Known)
            .ShouldBe(holds ? Verdict.Allowed : Verdict.ImplicitlyDenied);

    [Fact]
    public void The_colon_in_a_variable_does_not_split_an_arn() =>
        AskRepository(
                Session(Owner),
                Allow(
                    "\"*\"",
                    more: Condition("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:Account, '111111111111'}:role/*")
                ),
                Known
            )
            .ShouldBe(Verdict.Allowed);

    [Fact]
    public void A_variable_is_literal_text_in_a_policy_of_the_old_version()
    {
        const string Statement =
            """{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/team}"}}}""";

        foreach (var version in new[] { "", "\"Version\":\"2008-10-17\"," })
        {
            var policy = PolicyDocument.Parse($$"""{{{version}}"Statement":{{Statement}}}""");
            Ask(Session(Owner), new PolicySet { RepositoryPolicy = policy, IdentityPolicies = [] }, Known)
                .Verdict.ShouldBe(Verdict.ImplicitlyDenied);
        }
    }

    [Theory]
    [InlineData("StringMatches", "aws:SourceIp", "\"StringMatches\"")]
    [InlineData("NullIfExists", "aws:SourceIp", "\"NullIfExists\"")]
    [InlineData("IpAddress", "aws:SourceIp", "\"nonsense\"")]
    [InlineData("NumericEquals", "aws:MultiFactorAuthAge", "\"nonsense\"")]
    [InlineData("StringLike", "aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths")]
    [InlineData("StringLike", "aws:VpceOrgPaths", "aws:VpceOrgPaths")]
    [InlineData("StringLike", "aws:SourceOrgPaths", "aws:SourceOrgPaths")]
    public void What_AWS_would_not_have_stored_is_unknown_with_its_reason(string op, string key, string reason)
    {
        var decision = Ask(
            Session(Owner),
            new PolicySet
            {
                RepositoryPolicy = Policy(Allow("\"*\"", more: Condition(op, key, "nonsense"))),
                IdentityPolicies = [],
            },
            Known
        );

        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Missing.ShouldHaveSingleItem().ShouldContain(reason);
    }
}
