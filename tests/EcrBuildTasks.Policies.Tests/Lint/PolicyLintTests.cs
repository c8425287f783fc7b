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
    [InlineData("*AWSReservedSSO_Dev_????????????????", false)]
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

    [Fact]
    public void Everyone_is_found_without_a_condition()
    {
        Problems(Allow("\"*\"", Push)).ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Allow("{\"AWS\":\"*\"}", Push)).ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Allow(Arn(Role), Push).Replace("Principal", "NotPrincipal", StringComparison.Ordinal))
            .ShouldBe([LintProblem.EveryoneAllowed]);
        Problems(Allow("\"*\"", Push, Condition("StringEquals", "aws:PrincipalOrgID", "o-1"))).ShouldBeEmpty();
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
                Deny(Arn(Role), "[\"ecr:BatchGetImage\",\"ecr:X\"]")
            )
            .ShouldBe([LintProblem.AllowCancelled]);
        Problems(Allow(Arn(Role), Push), Deny(Arn(Other), "\"ecr:Put*\"")).ShouldBeEmpty();
        Problems(Allow(Arn(Role, User(Owner).Arn), Push), Deny(Arn(Other), "\"*\"")).ShouldBeEmpty();
        Problems(Allow(Arn(Role), Push), Deny("\"*\"", "\"*\"", CallerIs("ArnNotLike", Role))).ShouldBeEmpty();
        Problems(
                Allow(Arn(Role), "[\"ecr:P*t\",\"ecr:BatchGetImage\",\"ecr:PutImage\"]"),
                Deny("\"*\"", "[\"ecr:P?t\",\"ecr:B*\",\"ecr:Put*\"]")
            )
            .ShouldBeEmpty();
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
