using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Fixes;

public sealed class PolicyFixTests
{
    public static readonly TheoryData<string[], string?> Uses = new()
    {
        { [.. PushAction.OnRepository], "" },
        { [PushAction.BatchGetImage], "" },
        { [PushAction.BatchGetImage, EcrActions.GetDownloadUrlForLayer], " --for pull" },
        { [PushAction.PutImage, EcrActions.GetDownloadUrlForLayer], null },
        { ["ecr:GetRepositoryPolicy"], null },
        { [.. PushAction.OnRepository, PushAction.ListImages], null },
    };

    private static readonly FixRequest AcrossAccounts = new()
    {
        Caller = Session(Other),
        RepositoryArn = RepositoryArn,
        RepositoryAccount = Owner,
        Actions = ["ecr:PutImage", "ecr:BatchGetImage"],
        Wanting = [PolicyKind.Repository],
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void The_command_of_the_tool_is_given_if_it_adds_the_denied_actions(string[] actions, string? use)
    {
        var request = AcrossAccounts with
        {
            Actions = actions,
            Image = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/a",
        };

        var command = PolicyFixes.For(request)[0].ToolCommand;

        command.ShouldBe(
            use is null ? null : $"dotnet ecr policy fix {request.Image} --principal {request.Caller.Arn}{use} --apply"
        );
    }

    [Fact]
    public void A_role_of_another_account_is_let_in_by_name_at_any_path() =>
        PolicyFixes
            .For(AcrossAccounts)
            .ShouldHaveSingleItem()
            .ToJson()
            .ShouldBe(
                """
                {
                  "Sid": "AllowPushByCi",
                  "Effect": "Allow",
                  "Principal": {
                    "AWS": "arn:aws:iam::222222222222:root"
                  },
                  "Action": [
                    "ecr:PutImage",
                    "ecr:BatchGetImage"
                  ],
                  "Condition": {
                    "ArnLike": {
                      "aws:PrincipalArn": [
                        "arn:aws:iam::222222222222:role/ci",
                        "arn:aws:iam::222222222222:role/*/ci"
                      ]
                    }
                  }
                }
                """
            );

    [Fact]
    public void A_role_whose_path_is_known_is_named_exactly() =>
        PolicyFixes
            .For(AcrossAccounts with { RoleArn = $"arn:aws:iam::{Other}:role/svc/ci" })
            .ShouldHaveSingleItem()
            .Statement.Conditions.ShouldHaveSingleItem()
            .Values.ShouldBe([$"arn:aws:iam::{Other}:role/svc/ci"]);

    [Fact]
    public void A_role_of_Identity_Center_is_let_in_by_its_permission_set()
    {
        var statement = PolicyFixes
            .For(
                AcrossAccounts with
                {
                    Caller = Session(Other, "AWSReservedSSO_Dev_0123456789abcdef", "jane@example.com"),
                    RoleArn =
                        $"arn:aws:iam::{Other}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef",
                }
            )
            .ShouldHaveSingleItem()
            .Statement;

        statement.Sid.ShouldBe("AllowPushByDev");
        statement
            .Conditions.ShouldHaveSingleItem()
            .Values.ShouldBe([
                $"arn:aws:iam::{Other}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_????????????????",
                $"arn:aws:iam::{Other}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Dev_????????????????",
            ]);
    }

    [Fact]
    public void A_user_is_named_by_its_arn_and_the_whole_account_only_when_asked_for()
    {
        var user = AcrossAccounts with { Caller = User(Other, "dev/alice") };

        Principal(user).ShouldBe($"arn:aws:iam::{Other}:user/dev/alice");
        Principal(user with { Scope = FixScope.Account }).ShouldBe($"arn:aws:iam::{Other}:root");
        PolicyFixes.For(user with { Scope = FixScope.Account })[0].Statement.Conditions.ShouldBeEmpty();

        static string Principal(FixRequest request) =>
            PolicyFixes.For(request)[0].Statement.Principal!.Principals.ShouldHaveSingleItem().Text;
    }

    [Fact]
    public void An_identity_statement_holds_the_exact_repository_and_the_token_stands_alone()
    {
        var fixes = PolicyFixes.For(
            AcrossAccounts with
            {
                Wanting = [PolicyKind.Identity],
                Actions = ["ecr:GetAuthorizationToken", "ecr:PutImage"],
            }
        );

        fixes.Select(fix => fix.Policy).ShouldBe([PolicyKind.Identity, PolicyKind.Identity]);
        fixes.ShouldAllBe(fix => fix.OwnerAccount == Other);
        fixes[0]
            .Statement.ToJson()
            .ShouldBe(
                $$"""{"Sid":"AllowPushToTeamAWeb","Effect":"Allow","Action":["ecr:PutImage"],"Resource":"{{RepositoryArn}}"}"""
            );
        fixes[1]
            .Statement.ToJson()
            .ShouldBe(
                """{"Sid":"AllowEcrLogin","Effect":"Allow","Action":["ecr:GetAuthorizationToken"],"Resource":"*"}"""
            );
    }

    [Fact]
    public void A_missing_token_never_ends_up_in_the_repository_policy()
    {
        var fixes = PolicyFixes.For(AcrossAccounts with { Actions = ["ecr:GetAuthorizationToken", "ecr:PutImage"] });

        fixes.Select(fix => fix.Policy).ShouldBe([PolicyKind.Repository, PolicyKind.Identity]);
        fixes[0].Statement.Action.Patterns.ShouldBe(["ecr:PutImage"]);
        fixes[1].Statement.Action.Patterns.ShouldBe(["ecr:GetAuthorizationToken"]);
    }

    [Fact]
    public void Both_sides_get_a_statement_when_both_are_silent() =>
        PolicyFixes
            .For(AcrossAccounts with { Wanting = [PolicyKind.Repository, PolicyKind.Identity] })
            .Select(fix => (fix.Policy, fix.OwnerAccount))
            .ShouldBe([(PolicyKind.Repository, Owner), (PolicyKind.Identity, Other)]);

    [Fact]
    public void A_second_fix_for_the_same_caller_holds_what_is_missing_under_a_sid_of_its_own()
    {
        var first = PolicyFixes.For(AcrossAccounts with { RepositoryPolicySeen = true })[0];

        var second = PolicyFixes
            .For(
                AcrossAccounts with
                {
                    RepositoryPolicySeen = true,
                    RepositoryPolicy = first.ChangedPolicy,
                    Actions = [.. PushActions],
                }
            )
            .ShouldHaveSingleItem();

        second.Statement.Sid.ShouldBe("AllowPushByCi2");
        second.Statement.Action.Patterns.ShouldBe([
            "ecr:BatchCheckLayerAvailability",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
        ]);
        second.ChangedPolicy!.Statements.Count.ShouldBe(2);
    }

    [Fact]
    public void Within_an_account_the_identity_policy_comes_first_and_the_repository_policy_names_the_role()
    {
        var request = AcrossAccounts with { Caller = Session(Owner), RoleArn = $"arn:aws:iam::{Owner}:role/svc/ci" };

        var fixes = PolicyFixes.WithinAccount(request);

        fixes.Identity.ShouldHaveSingleItem().Policy.ShouldBe(PolicyKind.Identity);
        var repository = fixes.Repository.ShouldHaveSingleItem();
        repository.Statement.Principal!.Principals.ShouldHaveSingleItem().Text.ShouldBe(request.RoleArn);
        repository.Statement.Conditions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ci", null, $"arn:aws:iam::{Owner}:role/ci", true)]
    [InlineData("ci", $"arn:aws:iam::{Owner}:role/svc/ci", $"arn:aws:iam::{Owner}:role/svc/ci", false)]
    [InlineData("AWSReservedSSO_Dev_0123456789abcdef", null, null, false)]
    public void Within_an_account_a_role_is_named_without_a_path_only_if_it_may_have_none_and_the_owner_is_told(
        string role,
        string? roleArn,
        string? principal,
        bool isPathUnknown
    )
    {
        var fix = PolicyFixes
            .For(AcrossAccounts with { Caller = Session(Owner, role), RoleArn = roleArn })
            .SingleOrDefault();

        fix?.Statement.Principal!.Principals.ShouldHaveSingleItem().Text.ShouldBe(principal);
        (fix is null).ShouldBe(principal is null);
        (fix?.Instruction.Contains("full ARN") ?? false).ShouldBe(isPathUnknown);
    }

    [Fact]
    public void Across_accounts_no_path_has_to_be_known()
    {
        PolicyFixes.For(AcrossAccounts).ShouldHaveSingleItem().Instruction.ShouldNotContain("full ARN");
        PolicyFixes.For(AcrossAccounts with { Scope = FixScope.Principal }).ShouldBeEmpty();
    }

    [Fact]
    public void No_fix_is_offered_against_an_explicit_deny_or_another_kind_of_policy()
    {
        PolicyFixes.For(AcrossAccounts with { IsExplicitlyDenied = true }).ShouldBeEmpty();
        var within = PolicyFixes.WithinAccount(
            AcrossAccounts with
            {
                Caller = Session(Owner),
                IsExplicitlyDenied = true,
            }
        );
        within.Identity.Concat(within.Repository).ShouldBeEmpty();
        PolicyFixes
            .For(
                AcrossAccounts with
                {
                    RepositoryPolicy = Policy(Deny("\"*\"", "\"ecr:Put*\"")),
                    RepositoryPolicySeen = true,
                }
            )
            .ShouldBeEmpty();
        PolicyFixes
            .For(AcrossAccounts with { Wanting = [PolicyKind.Identity, PolicyKind.PermissionsBoundary] })
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/c*/run", null, RepositoryArn, "ecr:PutImage")]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/***/run", null, RepositoryArn, "ecr:PutImage")]
    [InlineData($"arn:aws:sts::{Owner}:assumed-role/ci/run", null, RepositoryArn, "ecr:PutImage")]
    [InlineData(
        $"arn:aws:sts::{Other}:assumed-role/ci/run",
        $"arn:aws:iam::{Other}:role/x",
        RepositoryArn,
        "ecr:PutImage"
    )]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, RepositoryArn, "ecr:PutImage ecr:Put*")]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, RepositoryArn, "ecr:PutImage ecr-public:PutImage")]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, RepositoryArn, "ecr-public:PutImage")]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, $"{RepositoryArn}/*", "ecr:PutImage")]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, $"{RepositoryArn}\n", "ecr:PutImage")]
    [InlineData(
        $"arn:aws:sts::{Other}:assumed-role/ci/run",
        null,
        $"arn:aws:ecr::{Owner}:repository/x1",
        "ecr:PutImage"
    )]
    [InlineData(
        $"arn:aws:sts::{Other}:assumed-role/ci/run",
        null,
        $"arn:aws:ecr:*:{Owner}:repository/x1",
        "ecr:PutImage"
    )]
    [InlineData(
        $"arn:aws:sts::{Other}:assumed-role/ci/run",
        null,
        "arn:aws:ecr:eu-west-1:***:repository/x1",
        "ecr:PutImage"
    )]
    [InlineData($"arn:aws:sts::{Other}:assumed-role/ci/run", null, "", "ecr:PutImage")]
    public void No_statement_is_made_from_a_name_that_is_not_valid(
        string caller,
        string? roleArn,
        string repository,
        string actions
    )
    {
        var request = AcrossAccounts with
        {
            Caller = new(caller, Other, "AROACI:run"),
            RoleArn = roleArn,
            RepositoryArn = repository,
            Actions = actions.Split(' '),
            Wanting = [PolicyKind.Repository, PolicyKind.Identity],
        };

        request.InvalidName.ShouldNotBeNull();
        PolicyFixes.For(request).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RepositoryArn, "ecr:PutImage", "ecr ", "eu-west-1")]
    [InlineData(
        $"arn:aws:ecr-public::{Owner}:repository/team-a/web",
        "ecr-public:PutImage",
        "ecr-public ",
        "us-east-1"
    )]
    public void The_command_is_of_the_service_and_the_region_of_the_repository(
        string repository,
        string action,
        string service,
        string region
    ) =>
        PolicyFixes
            .For(AcrossAccounts with { RepositoryArn = repository, Actions = [action], RepositoryPolicySeen = true })
            .ShouldHaveSingleItem()
            .AwsCommand()
            .ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                command => command.ShouldStartWith($"aws {service}set-repository-policy "),
                command => command.ShouldContain($" --region {region} ")
            );

    [Theory]
    [InlineData("ecr:BatchGetImage ecr:PutImage", "AllowPushByCi")]
    [InlineData("ecr:BatchGetImage ecr:GetDownloadUrlForLayer", "AllowPullByCi")]
    [InlineData("ecr:BatchGetImage ecr:DescribeImages", "AllowAccessByCi")]
    [InlineData("ecr:DescribeImages", "AllowAccessByCi")]
    public void The_Sid_says_what_the_actions_are_for(string actions, string sid) =>
        PolicyFixes
            .For(AcrossAccounts with { Actions = actions.Split(' ') })
            .ShouldHaveSingleItem()
            .Statement.Sid.ShouldBe(sid);

    [Theory]
    [InlineData("team-a/build.ci-", FixScope.Caller, "AllowPushByBuildCi")]
    [InlineData("ci", FixScope.Account, $"AllowPushByAccount{Other}")]
    public void The_Sid_names_the_caller_or_its_account(string user, FixScope scope, string sid) =>
        PolicyFixes
            .For(AcrossAccounts with { Caller = User(Other, user), Scope = scope })
            .ShouldHaveSingleItem()
            .Statement.Sid.ShouldBe(sid);

    [Fact]
    public void The_own_account_gets_no_statement_in_the_repository_policy_for_it_would_grant_nothing()
    {
        PolicyFixes.For(AcrossAccounts with { Caller = User(Owner), Scope = FixScope.Account }).ShouldBeEmpty();
        PolicyFixes.For(AcrossAccounts with { Caller = Root(Owner) }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("aws:PrincipalAccount", Other)]
    [InlineData("aws:ResourceAccount", Owner)]
    public void The_accounts_of_caller_and_repository_are_known_to_the_question_whether_anything_is_missing(
        string key,
        string account
    )
    {
        var request = AcrossAccounts with { RepositoryPolicySeen = true };
        var allow = Allow(Arn(Other), more: Condition("StringEquals", key, account));

        PolicyFixes.For(request with { RepositoryPolicy = Policy(allow) }).ShouldBeEmpty();
        PolicyFixes
            .For(request with { RepositoryPolicy = Policy(allow.Replace(account, "333333333333")) })
            .ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData($"arn:aws:iam::{Other}:role/svc/ci", $"arn:aws:iam::{Other}:role/svc/ci", false)]
    [InlineData(null, $"arn:aws:iam::{Other}:root", true)]
    public void The_smallest_fix_names_the_role_itself_where_its_path_is_known(
        string? roleArn,
        string principal,
        bool isConditional
    )
    {
        var request = new AuthorizationRequest
        {
            Caller = Session(Other),
            Action = "ecr:PutImage",
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Context = roleArn is null ? RequestContext.Partial([]) : Context(("aws:PrincipalArn", [roleArn])),
        };
        var policies = new PolicySet { IdentityPolicies = Identity(IdentityAllow()) };

        var statement = PolicyFixes
            .Smallest(request, policies, PolicyEvaluator.Evaluate(request, policies))
            .ShouldNotBeNull()
            .ShouldHaveSingleItem()
            .Statement;

        statement.Principal!.Principals.ShouldHaveSingleItem().Text.ShouldBe(principal);
        statement.Conditions.Count.ShouldBe(isConditional ? 1 : 0);
    }

    [Fact]
    public void Without_the_ARN_of_a_role_of_another_account_the_fix_names_the_account()
    {
        var request = new AuthorizationRequest
        {
            Caller = Session(Other),
            Action = "ecr:PutImage",
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            // Every key that is not listed is absent, aws:PrincipalArn too.
            Context = Context(("aws:PrincipalOrgID", ["o-a1b2c3d4e5"])),
        };
        var policies = new PolicySet { IdentityPolicies = Identity(IdentityAllow()) };

        PolicyFixes
            .Smallest(request, policies, PolicyEvaluator.Evaluate(request, policies))
            .ShouldNotBeNull()
            .ShouldHaveSingleItem()
            .Statement.Principal!.Principals.ShouldHaveSingleItem()
            .Text.ShouldBe($"arn:aws:iam::{Other}:root");
        PolicyFixes
            .Smallest(
                request,
                new() { IdentityPolicies = [] },
                PolicyEvaluator.Evaluate(request, new() { IdentityPolicies = [] })
            )!
            .Select(fix => fix.Policy)
            .ShouldBe([PolicyKind.Repository, PolicyKind.Identity]);
    }

    [Fact]
    public void A_policy_that_would_grow_too_long_for_ECR_says_so_and_gets_no_command()
    {
        var filler = Enumerable.Range(0, 130).Select(i => Allow(Arn($"arn:aws:iam::{Owner}:role/r{i}")));

        var fix = PolicyFixes.For(
            AcrossAccounts with
            {
                RepositoryPolicySeen = true,
                RepositoryPolicy = Policy([.. filler]),
            }
        )[0];

        fix.IsTooLong.ShouldBeTrue();
        fix.AwsCommand().ShouldBeNull();
        fix.Instruction.ShouldContain("10240");
    }

    [Theory]
    [InlineData(",\"Sid\":\"{{resolve:secretsmanager:db:SecretString:password}}\"")]
    [InlineData(",\"Sid\":\"a{{resolve:ssm:/key}}b\"")]
    [InlineData(",\"Condition\":{\"StringEquals\":{\"aws:userid\":[\"a\",\"{{resolve:ssm-secure:key}}\"]}}")]
    [InlineData(",\"Condition\":{\"StringEquals\":{\"{{resolve:ssm:key}}\":\"a\"}}")]
    [InlineData(",\"Condition\":{\"Ref\":{\"aws:userid\":\"a\"}}")]
    [InlineData(",\"Condition\":{\"Fn::Sub\":{\"aws:userid\":\"a\"}}")]
    [InlineData(",\"Condition\":{\"StringEquals\":{\"Fn::ImportValue\":\"a\"}}")]
    [InlineData(",\"Condition\":{\"StringEquals\":{\"Fn::Transform\":\"a\",\"aws:userid\":\"a\"}}")]
    public void What_CloudFormation_would_replace_is_not_rendered_for_it(string more)
    {
        foreach (var arn in (string[])[RepositoryArn, $"arn:aws:ecr-public::{Owner}:repository/web"])
        {
            var isPublic = arn.Contains("public", StringComparison.Ordinal);
            var fix = PolicyFixes
                .For(
                    AcrossAccounts with
                    {
                        RepositoryArn = arn,
                        Actions = [isPublic ? "ecr-public:PutImage" : "ecr:PutImage"],
                        RepositoryPolicy = Policy(Deny(Samples.Arn(Owner), "\"ecr:*\"", more)),
                        RepositoryPolicySeen = true,
                    }
                )
                .ShouldHaveSingleItem();

            fix.Render(FixFormat.CloudFormation).ShouldBeNull();
            // The CDK writes templates too: the whole policy for a public repository, else our statement alone.
            (fix.Render(FixFormat.Cdk) is null).ShouldBe(isPublic);
            fix.Render(FixFormat.Terraform).ShouldNotBeNull();
            (fix with { Request = fix.Request with { RepositoryPolicy = null } })
                .Render(FixFormat.CloudFormation)
                .ShouldNotBeNull();
        }
    }
}
