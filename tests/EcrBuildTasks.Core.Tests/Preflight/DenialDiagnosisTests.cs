using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Policies.Tests;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>What is said of a denied push, in AWS's words for the reason.</summary>
public sealed class DenialDiagnosisTests
{
    private const string Denied = "is not authorized to perform: ecr:PutImage on resource: " + RepositoryArn;
    private const string Arn = "arn:aws:organizations::333333333333:policy/o-1/p-1";
    private const string ByRepositoryPolicy = "with an explicit deny in a resource-based policy";

    [Theory]
    [InlineData(
        $"with an explicit deny in a service control policy: {Arn}",
        $"a service control policy of the caller's organization ({Arn}) denies ecr:PutImage",
        $"organization of account {Other}"
    )]
    [InlineData(
        $"with an explicit deny in a resource control policy: {Arn}",
        $"a resource control policy of the registry's organization ({Arn}) denies ecr:PutImage",
        $"organization of account {Owner}"
    )]
    [InlineData(
        "because no permissions boundary allows the ecr:PutImage action: arn:aws:iam::222222222222:policy/limit",
        "the caller's permissions boundary (arn:aws:iam::222222222222:policy/limit) does not allow ecr:PutImage",
        $"account {Other}"
    )]
    [InlineData(
        "because no session policy allows the ecr:PutImage action",
        "the session policy of the caller's session does not allow ecr:PutImage",
        "assumes the role"
    )]
    [InlineData(
        "because no VPC endpoint policy allows the ecr:PutImage action",
        "the policy of the VPC endpoint does not allow ecr:PutImage",
        "VPC"
    )]
    public void What_limits_others_is_told_by_kind_ARN_and_owner_and_no_statement_is_offered(
        string awsWords,
        string cause,
        string owner
    )
    {
        var diagnosis = Diagnose(awsWords, policy: null);

        var error = diagnosis.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.GuardrailDenied);
        error.Message.ShouldEndWith($": {cause}.");
        error.Details.ShouldContain(line =>
            line.Contains(owner) && line.EndsWith("A statement in the repository policy would not help.")
        );
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void The_statement_that_denies_is_told_with_the_caller_excepted()
    {
        var diagnosis = Diagnose(ByRepositoryPolicy, Policy(Allow(Samples.Arn(Other)), Deny("\"*\"", "\"ecr:Put*\"")));

        var text = diagnosis.Diagnostics.ShouldHaveSingleItem().ToString();
        text.ShouldContain(
            "In the repository policy, statement 2 denies. In account 111111111111, replace it with this"
        );
        text.ShouldContain("\"ArnNotLike\":{");
        text.ShouldContain("It also exempts the caller from the statement's other actions: ecr:Put*.");
        text.ShouldNotContain("ECR2110");
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void A_denial_by_a_policy_that_was_not_seen_says_so()
    {
        var error = Diagnose(ByRepositoryPolicy, policy: null).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ExplicitlyDenied);
        error.Details.ShouldContain("Could not read: the repository policy.");
        error.Details.ShouldContain(line => line.Contains("a Deny takes precedence"));
    }

    [Fact]
    public void What_is_wrong_with_the_statements_about_the_denied_action_is_told_once_and_nothing_else()
    {
        var policy = Policy(
            Allow(Samples.Arn("AROAEXAMPLE"), "\"ecr:PutImage\"", ",\"Sid\":\"Gone\""),
            Allow(Samples.Arn("AROAEXAMPLE"), "\"ecr:DescribeImages\""),
            Allow("\"*\"", "\"ecr:ListImages\"")
        );

        var error = Diagnose("because no resource-based policy allows the ecr:PutImage action", policy)
            .Diagnostics.ShouldHaveSingleItem();

        error
            .Details.Where(line => line.Contains("(ECR21", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldStartWith("Statement 'Gone' of the repository policy names AROAEXAMPLE");
    }

    [Fact]
    public void Across_accounts_the_registry_policy_decides_whether_a_push_may_create_the_repository()
    {
        var said =
            $"User: {Session(Other).Arn} is not authorized to perform: ecr:CreateRepository on resource: {RepositoryArn} because no resource-based policy allows the ecr:CreateRepository action";

        var diagnosis = PreflightDiagnosis.OfDeniedPush(
            Report("", policy: null) with
            {
                Actions = [],
                Repository = new() { Repository = Presence.NotSeen, Policy = Presence.NotSeen },
            },
            $"denied: {said}"
        );

        var error = diagnosis.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.GuardrailDenied);
        error.Message.ShouldEndWith(": the registry policy does not allow ecr:CreateRepository.");
        error.Details.ShouldContain(
            $"An administrator of the registry's account {Owner} can change the registry policy. A statement in the repository policy would not help."
        );
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void Where_both_accounts_have_to_allow_it_both_statements_are_given_at_once()
    {
        var report = Report(
            "because no identity-based policy allows the ecr:PutImage action",
            Policy(Allow(Samples.Arn(Owner)))
        );
        var silent = new Decision { Verdict = Verdict.ImplicitlyDenied, Silent = [PolicyKind.Repository] };

        var diagnosis = PreflightDiagnosis.FromReport(
            report with
            {
                Actions = [report.Actions[0] with { Analysis = silent }],
            }
        );

        diagnosis.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        diagnosis
            .Fixes.Select(fix => (fix.Policy, fix.OwnerAccount))
            .ShouldBe([(PolicyKind.Repository, Owner), (PolicyKind.Identity, Other)]);
    }

    [Fact]
    public void A_profile_that_is_set_and_not_used_is_named()
    {
        var report = Report("because no identity-based policy allows the ecr:PutImage action", policy: null) with
        {
            IgnoredProfile = "AWS_PROFILE=deploy is ignored, because AWS_ACCESS_KEY_ID takes precedence.",
        };

        PreflightDiagnosis.FromReport(report).Diagnostics[0].Details.ShouldContain(report.IgnoredProfile);
    }

    private static PreflightDiagnosis Diagnose(string awsWords, PolicyDocument? policy) =>
        PreflightDiagnosis.FromReport(Report(awsWords, policy));

    private static PreflightReport Report(string awsWords, PolicyDocument? policy)
    {
        var caller = Session(Other);
        return new()
        {
            Caller = new(caller.Arn, caller.Account, caller.UserId),
            Mode = PreflightMode.Probe,
            CredentialsSource = "environment variables",
            Image = new(EcrRegistry.Create(Owner, "eu-west-1"), "team-a/web", ["1"]),
            Token = new("ecr:GetAuthorizationToken", Permission.Allowed, ""),
            Actions =
            [
                new("ecr:PutImage", Permission.Denied, $"User: {caller.Arn} {Denied} {awsWords}")
                {
                    RawAnswer = "AccessDeniedException",
                },
            ],
            Repository = new()
            {
                Repository = Presence.Present,
                Policy = policy is null ? Presence.NotSeen : Presence.Present,
                PolicyDocument = policy,
                NotSeen = policy is null ? ["the repository policy"] : [],
            },
        };
    }
}
