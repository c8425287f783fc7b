using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Lint;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Lint;

public sealed class PolicyLintTests
{
    private const string Role = $"arn:aws:iam::{Other}:role/ci";
    private const string Sets = $"arn:aws:iam::{Other}:role/aws-reserved/sso.amazonaws.com/";
    private const string Push = "[\"ecr:PutImage\",\"ecr:BatchGetImage\"]";

    private static readonly LintContext Context = new() { OwnerAccount = Owner, Partition = "aws" };

    [Fact]
    public void A_session_as_principal_is_found_whether_it_is_allowed_or_denied()
    {
        var session = Arn(Session(Other).Arn);

        Problems(Allow(session, Push)).ShouldBe([LintProblem.SessionPrincipal]);
        Problems(Deny(session, Push)).ShouldBe([LintProblem.SessionPrincipal]);
        Problems(Allow(Arn(Role), Push)).ShouldBeEmpty();
    }

    /// <summary>Policies from public reports.</summary>
    [Theory]
    [InlineData(
        """{"Effect":"Allow","Principal":"*","Action":["ecr:GetAuthorizationToken","ecr:BatchGetImage"],"Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-12345678"}}}""",
        LintProblem.UnknownAction,
        LintProblem.ConditionWithoutEffect,
        LintProblem.EveryoneAllowed
    )]
    [InlineData(
        """{"Effect":"Allow","Principal":"*","Action":["ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:CreateRepository","ecr:DescribeImages","ecr:GetAuthorizationToken","ecr:GetDownloadUrlForLayer"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}""",
        LintProblem.UnknownAction
    )]
    [InlineData(
        """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ci"},"Action":["ecr:BatchGetImage","ecr:PushImage","ecr:BatchCheckLayerAvailability"]}""",
        LintProblem.UnknownAction
    )]
    [InlineData(
        """{"Effect":"Deny","Principal":"*","Action":"ecr:*","Resource":"arn:aws:ecr:us-east-1:444455556666:repository/hello","Condition":{"NotIpAddress":{"aws:SourceIp":"54.240.143.188/32"},"IpAddress":{"aws:SourceIp":"54.240.143.0/24"}}}""",
        LintProblem.ResourceInRepositoryPolicy
    )]
    [InlineData(
        """{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:SetRepositoryPolicy","ecr:DeleteRepositoryPolicy","ecr:GetRepositoryPolicy"],"Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:111122223333:function:*"}}}"""
    )]
    public void Each_mistake_of_a_reported_policy_is_found_and_nothing_else(
        string statement,
        params LintProblem[] problems
    ) => Problems(statement).Distinct().ShouldBe(problems, ignoreOrder: true);

    [Theory]
    [InlineData("AROAEXAMPLEEXAMPLE", "a deleted role")]
    [InlineData("AIDAEXAMPLEEXAMPLE", "a deleted user")]
    public void The_id_of_what_was_deleted_is_found(string id, string what)
    {
        var finding = Check(Allow(Arn(Role, id), Push)).ShouldHaveSingleItem();

        finding.Problem.ShouldBe(LintProblem.OrphanedId);
        finding.Sentence.ShouldContain(what);
    }

    [Fact]
    public void The_suffix_of_a_permission_set_is_found_where_it_is_or_may_become_stale()
    {
        var principal = Allow(Arn(Sets + "AWSReservedSSO_Dev_0123456789abcdef"), Push);
        var condition = Allow(Arn(Other), Push, CallerIs("ArnEquals", Sets + "AWSReservedSSO_Dev_0123456789abcdef"));
        var known = Context with { PermissionSetRoles = ["AWSReservedSSO_Dev_0123456789abcdef"] };
        var stale = Context with { PermissionSetRoles = ["AWSReservedSSO_Dev_fedcba9876543210"] };

        foreach (var statement in (string[])[principal, condition])
        {
            Problems(statement).ShouldBe([LintProblem.PermissionSetSuffix]);
            PolicyLint.Check(Policy(statement), known).ShouldBeEmpty();
            PolicyLint.Check(Policy(statement), stale)[0].Sentence.ShouldContain("does not exist");
        }

        Problems(Allow(Arn(Sets + "AWSReservedSSO_Dev"), Push)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("*AWSReservedSSO_Dev_*", true)]
    [InlineData("eu-west-1/AWSReservedSSO_Dev*", true)]
    [InlineData("*AWSReservedSSO_Dev_????????????????", true)]
    [InlineData("?AWSReservedSSO_Dev_????????????????", true)]
    [InlineData("xAWSReservedSSO_Dev_????????????????", true)]
    [InlineData("AWSReservedSSO_Dev_????????????????", false)]
    [InlineData("*/AWSReservedSSO_Dev_????????????????", false)]
    [InlineData("*AWSReservedSSO_*", false)]
    public void A_pattern_that_matches_further_permission_sets_is_found(string pattern, bool isFound) =>
        Problems(Allow(Arn(Other), Push, CallerIs("ArnLike", Sets + pattern)))
            .ShouldBe(isFound ? [LintProblem.UnanchoredPermissionSet] : []);

    [Fact]
    public void The_own_account_is_found_as_it_grants_nothing_and_another_account_is_not()
    {
        Problems(Allow(Arn($"arn:aws:iam::{Owner}:root"), Push)).ShouldBe([LintProblem.OwnAccountGrantsNothing]);
        Problems(Allow(Arn(Owner), Push, CallerIs("ArnLike", $"arn:aws:iam::{Owner}:role/ci")))
            .ShouldBe([LintProblem.OwnAccountGrantsNothing]);
        Problems(Deny(Arn(Owner), Push)).ShouldBeEmpty();
        Problems(Allow(Arn(Other), Push)).ShouldBeEmpty();
        PolicyLint.Check(Policy(Allow(Arn(Owner), Push)), new()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("StringEquals", "aws:PrincipalOrgID", "o-1", false)]
    [InlineData("StringLike", "aws:PrincipalOrgID", "*", true)]
    [InlineData("StringLike", "aws:PrincipalOrgID", "o-*", true)]
    [InlineData("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", true)]
    [InlineData("StringNotEquals", "aws:PrincipalOrgID", "o-1", true)]
    [InlineData("Null", "aws:PrincipalOrgID", "false", true)]
    [InlineData("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}", true)]
    [InlineData("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/ou-1/*", false)]
    [InlineData("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-1/*", true)]
    [InlineData("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*", true)]
    [InlineData("StringEquals", "aws:PrincipalAccount", "222222222222", false)]
    [InlineData("StringEqualsIfExists", "aws:PrincipalAccount", "222222222222", false)]
    [InlineData("StringLike", "aws:PrincipalAccount", "2222*", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", Role, false)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/ci-*", false)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ci", true)]
    [InlineData("StringLike", "AWS:principalarn", "*", true)]
    [InlineData("StringLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:*", false)]
    [InlineData("StringLike", "aws:PrincipalArn", "*:role/ci", true)]
    [InlineData("StringLike", "aws:userid", "AROAEXAMPLE:*", false)]
    [InlineData("StringLike", "aws:userid", "*:run-1", true)]
    [InlineData("IpAddress", "aws:SourceIp", "203.0.113.0/24", false)]
    [InlineData("IpAddress", "aws:SourceIp", "10.0.0.0/8", false)]
    [InlineData("IpAddress", "aws:SourceIp", "0.0.0.0/0", true)]
    [InlineData("IpAddress", "aws:SourceIp", "128.0.0.0/1", true)]
    [InlineData("IpAddress", "aws:SourceIp", "2001:db8::/32", false)]
    [InlineData("IpAddress", "aws:SourceIp", "::/0", true)]
    [InlineData("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", true)]
    [InlineData("StringEquals", "aws:SourceVpce", "vpce-1", false)]
    [InlineData("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket", false)]
    [InlineData("ArnLike", "aws:SourceArn", "arn:aws:s3:::*", true)]
    [InlineData("Bool", "aws:SecureTransport", "true", true)]
    [InlineData("StringEquals", "aws:PrincipalTag/team", "build", true)]
    [InlineData("StringEquals", "aws:RequestedRegion", "eu-west-1", true)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", true)]
    public void Everyone_is_found_unless_a_condition_restricts_the_callers(
        string operatorName,
        string key,
        string value,
        bool isFound
    ) =>
        Problems(Allow("\"*\"", Push, Condition(operatorName, key, value)))
            .Contains(LintProblem.EveryoneAllowed)
            .ShouldBe(isFound);

    [Fact]
    public void Everyone_is_found_if_one_of_several_values_is_wide_but_not_if_one_of_several_conditions_is()
    {
        Problems(Allow("\"*\"", Push, Condition("StringLike", "aws:PrincipalOrgID", "o-1", "*")))
            .ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(
                Allow(
                    "\"*\"",
                    Push,
                    ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"},\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}"
                )
            )
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("StringLike", "aws:PrincipalArn", "*", true)]
    [InlineData("StringLike", "aws:PrincipalArn", "arn:*", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:*", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:*:*:*:*:*", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", false)]
    [InlineData("ArnNotLike", "aws:PrincipalArn", "arn:*:*:*:*:*", false)]
    [InlineData("StringLike", "aws:PrincipalAccount", "????????????", true)]
    [InlineData("StringLike", "aws:PrincipalAccount", "2*", false)]
    [InlineData("Null", "aws:PrincipalArn", "false", true)]
    [InlineData("Null", "aws:PrincipalTag/team", "false", false)]
    [InlineData("StringLike", "aws:PrincipalTag/team", "*", false)]
    [InlineData("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", true)]
    [InlineData("BoolIfExists", "aws:MultiFactorAuthPresent", "true", true)]
    [InlineData("BoolIfExists", "aws:SecureTransport", "true", false)]
    [InlineData("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-1", true)]
    [InlineData("ForAllValues:StringEquals", "aws:TagKeys", "team", true)]
    [InlineData("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*", true)]
    [InlineData("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*", false)]
    [InlineData("ForAnyValue:StringLikeIfExists", "aws:PrincipalOrgPaths", "o-1/*", true)]
    public void A_condition_that_restricts_nothing_is_found_in_an_Allow_only(
        string operatorName,
        string key,
        string value,
        bool isFound
    )
    {
        var condition = Condition(operatorName, key, value);

        Problems(Allow(Arn(Other), Push, condition)).ShouldBe(isFound ? [LintProblem.ConditionWithoutEffect] : []);
        Problems(Deny(Arn(Other), Push, condition)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"Null\":{\"aws:principalorgid\":\"false\"}", false)]
    [InlineData("\"Null\":{\"aws:PrincipalOrgID\":\"true\"}", true)]
    [InlineData("\"StringLike\":{\"aws:PrincipalOrgID\":\"o-*\"}", false)]
    [InlineData("\"StringNotLike\":{\"aws:PrincipalOrgID\":\"o-2*\"}", true)]
    [InlineData("\"StringLikeIfExists\":{\"aws:PrincipalOrgID\":\"o-*\"}", true)]
    [InlineData("\"StringEquals\":{\"aws:PrincipalAccount\":\"222222222222\"}", true)]
    public void An_IfExists_is_not_found_if_another_condition_requires_its_key(string other, bool isFound) =>
        Problems(
                Allow(
                    Arn(Other),
                    Push,
                    $",\"Condition\":{{\"StringEqualsIfExists\":{{\"aws:PrincipalOrgID\":\"o-1\"}},{other}}}"
                )
            )
            .Contains(LintProblem.ConditionWithoutEffect)
            .ShouldBe(isFound);

    [Theory]
    [InlineData("StringEqual", "aws:PrincipalOrgID", "o-1", true)]
    [InlineData("stringequals", "aws:PrincipalOrgID", "o-1", true)]
    [InlineData("ForAnyValues:StringEquals", "aws:TagKeys", "team", true)]
    [InlineData("NullIfExists", "aws:PrincipalOrgID", "true", true)]
    [InlineData("StringEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*", true)]
    [InlineData("StringNotEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/ci-?", true)]
    [InlineData("StringEquals", "aws:PrincipalOrgID", "*", true)]
    [InlineData("StringEquals", "aws:PrincipalTag/team", "*", false)]
    [InlineData("StringEquals", "aws:PrincipalArn", Role, false)]
    [InlineData("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*", false)]
    [InlineData("ArnLike", "aws:PrincipalArn", "*", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "role/ci", true)]
    [InlineData("ArnNotLike", "aws:PrincipalArn", "222222222222", true)]
    public void A_condition_that_cannot_work_is_found_in_an_Allow_and_a_Deny(
        string operatorName,
        string key,
        string value,
        bool isFound
    )
    {
        var condition = Condition(operatorName, key, value);
        LintProblem[] expected = isFound ? [LintProblem.UnusableCondition] : [];

        Problems(Allow(Arn(Other), Push, condition)).ShouldBe(expected);
        Problems(Deny(Arn(Other), Push, condition)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("ecr:GetAuthorizationToken", true)]
    [InlineData("ecr:PushImage", true)]
    [InlineData("ecr:Push*", true)]
    [InlineData("PutImage", true)]
    [InlineData("e*:PutImage", true)]
    [InlineData("s3:GetObject", true)]
    [InlineData("s3:*", true)]
    [InlineData("ecr-public:PutImage", true)]
    [InlineData("ecr:PutRegistryPolicy", true)]
    [InlineData("", true)]
    [InlineData("ecr:GetDownloadUrlForLayer", false)]
    [InlineData("ECR:getdownloadurlforlayer", false)]
    [InlineData("ecr:Get*", false)]
    [InlineData("ecr:*", false)]
    [InlineData("*", false)]
    public void An_action_that_no_repository_policy_can_allow_is_found(string action, bool isFound)
    {
        LintProblem[] expected = isFound ? [LintProblem.UnknownAction] : [];
        var actions = $"[\"ecr:BatchGetImage\",\"{action}\"]";

        Problems(Allow(Arn(Role), actions)).ShouldBe(expected);
        Problems(Deny(Arn(Role), actions)).ShouldBe(expected);
        PolicyLint
            .Check(Policy(IdentityAllow(action)), new() { Kind = PolicyKind.Identity })
            .Select(finding => finding.Problem)
            .ShouldNotContain(LintProblem.UnknownAction);
    }

    [Theory]
    [InlineData("ecr-public:PutImage", false)]
    [InlineData("ecr-public:*", false)]
    [InlineData("ecr-public:BatchGetImage", true)]
    [InlineData("ecr-public:GetAuthorizationToken", true)]
    [InlineData("ecr:PutImage", true)]
    public void An_action_that_no_policy_of_a_public_repository_can_allow_is_found(string action, bool isFound) =>
        PolicyLint
            .Check(Policy(Allow(Arn(Role), $"\"{action}\"")), Context with { IsPublic = true })
            .Select(finding => finding.Problem)
            .ShouldBe(isFound ? [LintProblem.UnknownAction] : []);

    [Theory]
    [InlineData("ecr:PushImage", true)]
    [InlineData("ecr:GetAuthorizationToken", false)]
    [InlineData("s3:*", false)]
    public void A_NotAction_may_except_what_a_repository_policy_cannot_allow(string action, bool isFound) =>
        Problems(Deny(Arn(Role), $"\"{action}\"").Replace("Action", "NotAction", StringComparison.Ordinal))
            .ShouldBe(isFound ? [LintProblem.UnknownAction] : []);

    [Fact]
    public void A_misspelled_action_is_corrected() =>
        Check(Allow(Arn(Role), "\"ecr:PushImage\"")).ShouldHaveSingleItem().Sentence.ShouldContain("ecr:PutImage");

    [Theory]
    [InlineData("12345678901", true)]
    [InlineData("1111-2222-3333", true)]
    [InlineData("arn:aws:iam::22222222222:root", true)]
    [InlineData("arn:aws:iam::22222222222:role/ci", true)]
    [InlineData("arn:aws:iam::*:role/ci", true)]
    [InlineData("arn:aws:iam::222222222222:role/*", true)]
    [InlineData("arn:aws:iam::222222222222:role/ci-?", true)]
    [InlineData("arn:aws:iam::222222222222:role/${aws:username}", true)]
    [InlineData("arn:aws:iam::222222222222:group/ci", true)]
    [InlineData("ci", true)]
    [InlineData("", true)]
    [InlineData("222222222222", false)]
    [InlineData("arn:aws:iam::222222222222:root", false)]
    [InlineData("arn:aws:iam::222222222222:role/build/ci", false)]
    [InlineData("arn:aws:iam::222222222222:user/alice", false)]
    public void A_principal_that_cannot_exist_is_found(string principal, bool isFound)
    {
        LintProblem[] expected = isFound ? [LintProblem.InvalidPrincipal] : [];

        Problems(Allow(Arn(principal), Push)).ShouldBe(expected);
        Problems(Deny(Arn(principal), Push)).ShouldBe(expected);
        Problems(Deny(Arn(principal), Push).Replace("Principal", "NotPrincipal", StringComparison.Ordinal))
            .ShouldBe(expected);
        Problems(Allow("{\"Service\":\"codebuild.amazonaws.com\"}", Push)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::2222:role/ci", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "arn:aws:iam::2*:role/ci", false)]
    [InlineData("StringEquals", "aws:PrincipalAccount", "22222222222", true)]
    [InlineData("StringLike", "aws:PrincipalAccount", "2222*", false)]
    [InlineData("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", false)]
    public void An_account_without_12_digits_is_found_in_conditions(
        string operatorName,
        string key,
        string value,
        bool isFound
    ) =>
        Problems(Allow(Arn(Other), Push, Condition(operatorName, key, value)))
            .ShouldBe(isFound ? [LintProblem.InvalidPrincipal] : []);

    [Fact]
    public void Everyone_is_found_without_a_condition()
    {
        Problems(Allow("\"*\"", Push)).ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Allow("{\"AWS\":\"*\"}", Push)).ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Allow(Arn(Role), Push).Replace("Principal", "NotPrincipal", StringComparison.Ordinal))
            .ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Deny("\"*\"", Push)).ShouldBeEmpty();
    }

    [Fact]
    public void An_ARN_of_another_partition_is_found_in_principals_conditions_and_resources()
    {
        var cn = "arn:aws-cn:iam::222222222222:role/ci";

        Problems(Allow(Arn(cn), Push)).ShouldBe([LintProblem.WrongPartition]);
        Problems(Allow(Arn(Other), Push, CallerIs("ArnLike", cn))).ShouldBe([LintProblem.WrongPartition]);
        Problems(Allow(Arn(Other), Push, CallerIs("ArnLike", "arn:*:iam::*:role/ci"))).ShouldBeEmpty();
        PolicyLint
            .Check(
                Policy(IdentityAllow("ecr:*", RepositoryArn)),
                new() { Kind = PolicyKind.Identity, Partition = "aws-cn" }
            )
            .Select(finding => finding.Problem)
            .ShouldBe([LintProblem.WrongPartition]);
        PolicyLint.Check(Policy(Allow(Arn(cn), Push)), Context with { Partition = "aws-cn" }).ShouldBeEmpty();
    }

    [Fact]
    public void A_resource_is_found_in_a_repository_policy_only()
    {
        Problems(Allow(Arn(Role), Push, ",\"Resource\":\"*\"")).ShouldBe([LintProblem.ResourceInRepositoryPolicy]);
        PolicyLint.Check(Policy(IdentityAllow()), new() { Kind = PolicyKind.Identity }).ShouldBeEmpty();
    }

    [Fact]
    public void A_push_without_BatchGetImage_is_found_unless_another_statement_allows_it()
    {
        var put = Allow(Arn(Role), "\"ecr:PutImage\"");
        var get = Allow(Arn(Role), "\"ecr:BatchGet*\"");

        Problems(put).ShouldBe([LintProblem.BatchGetImageMissing]);
        Problems(put, get).ShouldBeEmpty();
        Problems(put, Allow(Arn(Other), "\"ecr:BatchGetImage\"")).ShouldBeEmpty();
        Problems(put, Allow(Arn($"arn:aws:iam::{Other}:role/other"), "\"ecr:BatchGetImage\""))
            .ShouldBe([LintProblem.BatchGetImageMissing]);
        Problems(put, Allow(Arn(Role), "\"ecr:*\"", Condition("Bool", "aws:SecureTransport", "true")))
            .ShouldBe([LintProblem.BatchGetImageMissing]);
        Problems(get).ShouldBeEmpty();
    }

    [Fact]
    public void An_Allow_that_denials_cancel_is_found_also_when_it_takes_several()
    {
        Problems(Allow(Arn(Role), Push), Deny("\"*\"", "\"ecr:*\"")).ShouldBe([LintProblem.AllowCancelled]);
        Problems(
                Allow(Arn(Role), Push),
                Deny(Arn(Other), "\"ecr:Put*\""),
                Deny(Arn(Role), "[\"ecr:BatchGetImage\",\"ecr:ListImages\"]")
            )
            .ShouldBe([LintProblem.AllowCancelled]);
        Problems(Allow(Arn(Role), Push), Deny(Arn(Other), "\"ecr:Put*\"")).ShouldBeEmpty();
        Problems(Allow(Arn(Role, User(Owner).Arn), Push), Deny(Arn(Other), "\"*\"")).ShouldBeEmpty();
        Problems(Allow(Arn(Role), Push), Deny("\"*\"", "\"*\"", CallerIs("ArnNotLike", Role))).ShouldBeEmpty();
        Problems(
                Allow(Arn(Role), "[\"ecr:P*t\",\"ecr:BatchGetImage\",\"ecr:PutImage\"]"),
                Deny("\"*\"", "[\"ecr:P?t\",\"ecr:B*\",\"ecr:Put*\"]")
            )
            .ShouldNotContain(LintProblem.AllowCancelled);
    }

    [Fact]
    public void A_policy_near_the_limit_is_found()
    {
        string[] Filled(int length) => [Allow(Arn(Role), Push, $",\"Sid\":\"{new string('x', length)}\"")];

        Problems(Filled(9_216)).ShouldBe([LintProblem.NearSizeLimit]);
        Problems(Filled(9_000)).ShouldBeEmpty();
    }

    [Fact]
    public void A_finding_names_its_statement()
    {
        var findings = Check(
            Allow(Arn(Role), Push),
            Allow("\"*\"", Push, ",\"Sid\":\"All\""),
            Allow(Arn("AROAEXAMPLE"), Push)
        );

        findings
            .Select(finding => finding.Sentence[..40])
            .ShouldBe(["Statement 'All' of the repository policy", "Statement 3 of the repository policy nam"]);
        findings[1].Statement.ShouldBe(new StatementReference(PolicyKind.Repository, null, 2, null));
    }

    private static IEnumerable<LintProblem> Problems(params string[] statements) =>
        Check(statements).Select(finding => finding.Problem);

    private static IReadOnlyList<LintFinding> Check(params string[] statements) =>
        PolicyLint.Check(Policy(statements), Context);

    private static string CallerIs(string operatorName, string arn) => Condition(operatorName, "aws:PrincipalArn", arn);
}
