using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Policies.Tests;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>The diagnosis of a denied push from the reason that AWS gives.</summary>
public sealed class DenialDiagnosisTests
{
    private const string Denied = "is not authorized to perform: ecr:PutImage on resource: " + RepositoryArn;
    private const string Arn = "arn:aws:organizations::333333333333:policy/o-1/p-1";
    private const string Boundary = "arn:aws:iam::222222222222:policy/limit";
    private const string ByRepositoryPolicy = "with an explicit deny in a resource-based policy";
    private const string ByServiceControlPolicy = $"with an explicit deny in a service control policy: {Arn}";
    private const string ByResourceControlPolicy = $"with an explicit deny in a resource control policy: {Arn}";
    private const string ByBoundary = $"because no permissions boundary allows the ecr:PutImage action: {Boundary}";
    private const string BySessionPolicy = "because no session policy allows the ecr:PutImage action";
    private const string ByEndpointPolicy = "because no VPC endpoint policy allows the ecr:PutImage action";
    private const string NoIdentityPolicy = "because no identity-based policy allows the ecr:PutImage action";
    private const string NoRepositoryPolicy = "because no resource-based policy allows the ecr:PutImage action";

    [Theory]
    [InlineData(ByServiceControlPolicy, "service control policy", Arn, Other)]
    [InlineData(ByResourceControlPolicy, "resource control policy", Arn, Owner)]
    [InlineData(ByBoundary, "permissions boundary", Boundary, Other)]
    [InlineData(BySessionPolicy, "session policy", "", "")]
    [InlineData(ByEndpointPolicy, "VPC endpoint", "", "")]
    public void A_policy_that_limits_others_is_named_by_kind_ARN_and_owner_and_no_statement_is_offered(
        string awsWords,
        string kind,
        string arn,
        string owner
    )
    {
        var diagnosis = Diagnose(awsWords, policy: null);

        var error = diagnosis.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.GuardrailDenied);
        error.Message.ShouldContain(kind);
        error.Message.ShouldContain(arn);
        error.Message.ShouldEndWith(" ecr:PutImage.");
        error.Details.ShouldContain(line => line.Contains(owner));
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void The_text_of_each_denial()
    {
        var named = Samples.Arn(Other);
        (string AwsWords, PolicyDocument? Policy)[] cases =
        [
            (NoRepositoryPolicy, null),
            (NoRepositoryPolicy, Policy(Allow(Samples.Arn("AROAEXAMPLE"), "\"ecr:PutImage\"", ",\"Sid\":\"Gone\""))),
            (NoIdentityPolicy, Policy(Allow(named))),
            (ByRepositoryPolicy, Policy(Allow(named), Deny("\"*\"", "\"ecr:Put*\""))),
            (ByRepositoryPolicy, null),
            (ByServiceControlPolicy, null),
            (ByResourceControlPolicy, null),
            (ByBoundary, null),
            (BySessionPolicy, null),
            (ByEndpointPolicy, null),
        ];

        Snapshot.Match(
            "denials",
            cases
                .SelectMany(one =>
                    Diagnose(one.AwsWords, one.Policy).Diagnostics.Prepend<object>($"# AWS: {one.AwsWords}")
                )
                .Append("# AWS: no resource-based policy allows ecr:CreateRepository")
                .Concat(DiagnoseCreation().Diagnostics)
        );
    }

    [Fact]
    public void The_statement_that_denies_is_named_with_one_that_exempts_the_caller()
    {
        var diagnosis = Diagnose(ByRepositoryPolicy, Policy(Allow(Samples.Arn(Other)), Deny("\"*\"", "\"ecr:Put*\"")));

        var text = diagnosis.Diagnostics.ShouldHaveSingleItem().ToString();
        text.ShouldContain("statement 2 ");
        text.ShouldContain(Owner);
        text.ShouldContain("\"ArnNotLike\":{");
        text.ShouldContain("ecr:Put*.");
        text.ShouldNotContain("ECR2110");
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void A_denial_by_a_policy_that_was_not_seen_says_so()
    {
        var error = Diagnose(ByRepositoryPolicy, policy: null).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ExplicitlyDenied);
        error.ToString().ShouldNotContain("{");
        error.Details.ShouldContain(line => line.EndsWith(": the repository policy."));
    }

    [Fact]
    public void What_is_wrong_with_the_statements_about_the_denied_action_is_told_once_and_nothing_else()
    {
        var policy = Policy(
            Allow(Samples.Arn("AROAEXAMPLE"), "\"ecr:PutImage\"", ",\"Sid\":\"Gone\""),
            Allow(Samples.Arn("AROAEXAMPLE"), "\"ecr:DescribeImages\""),
            Allow("\"*\"", "\"ecr:ListImages\"")
        );

        var error = Diagnose(NoRepositoryPolicy, policy).Diagnostics.ShouldHaveSingleItem();

        error
            .Details.Where(line => line.Contains("(ECR21", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldMatch("'Gone'.*AROAEXAMPLE");
    }

    [Fact]
    public void Across_accounts_the_registry_policy_decides_whether_a_push_may_create_the_repository()
    {
        var diagnosis = DiagnoseCreation();

        var error = diagnosis.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.GuardrailDenied);
        error.Message.ShouldContain("the registry policy");
        error.Message.ShouldEndWith(" ecr:CreateRepository.");
        error.Details.ShouldContain(line => line.Contains(Owner));
        diagnosis.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public void Where_both_accounts_have_to_allow_it_both_statements_are_given_at_once()
    {
        var report = Report(NoIdentityPolicy, Policy(Allow(Samples.Arn(Owner))));
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
        var report = Report(NoIdentityPolicy, policy: null) with
        {
            IgnoredProfile = "AWS_PROFILE=deploy is ignored, because AWS_ACCESS_KEY_ID takes precedence.",
        };

        PreflightDiagnosis.FromReport(report).Diagnostics[0].Details.ShouldContain(report.IgnoredProfile);
    }

    [Theory]
    [InlineData(ByServiceControlPolicy)]
    [InlineData(NoRepositoryPolicy)]
    public void The_ID_of_the_evaluated_policies_is_in_the_JSON_and_a_command_and_not_on_a_page_for_many(
        string awsWords
    )
    {
        var report = Report(
            $"{awsWords}. Go to https://us-west-2.console.aws.amazon.com/iam/home?region=us-west-2#/authorization-details/id4711 for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: id4711",
            policy: null
        );

        var diagnosis = PreflightDiagnosis.FromReport(report);

        diagnosis
            .Diagnostics[0]
            .Details.ShouldContain(
                "  aws iam-toolbox get-request-authorization-details --region us-west-2 --authorization-id id4711"
            );
        ReportJson.Describe(new PreflightOutcome(report, diagnosis.Diagnostics, diagnosis.Fixes))["actions"]!
            .AsArray()
            .Select(action => (string?)action!["authorizationId"])
            .ShouldBe([null, "id4711"]);
        var request = new AccessRequest(report, diagnosis.Diagnostics, diagnosis.Fixes);
        request.ToMarkdown().ShouldContain("AWS answered: ");
        foreach (var page in new[] { request.ToMarkdown(), JobSummary.Render([], diagnosis.Diagnostics, [request]) })
        {
            page.ShouldNotContain("id4711");
        }
    }

    private static PreflightDiagnosis Diagnose(string awsWords, PolicyDocument? policy) =>
        PreflightDiagnosis.FromReport(Report(awsWords, policy));

    private static PreflightDiagnosis DiagnoseCreation() =>
        PreflightDiagnosis.OfDeniedPush(
            Report("", policy: null) with
            {
                Actions = [],
                Repository = new() { Repository = Presence.NotSeen, Policy = Presence.NotSeen },
            },
            $"denied: User: {Session(Other).Arn} is not authorized to perform: ecr:CreateRepository on resource: {RepositoryArn} because no resource-based policy allows the ecr:CreateRepository action"
        );

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
