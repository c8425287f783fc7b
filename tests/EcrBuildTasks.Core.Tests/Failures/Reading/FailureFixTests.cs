using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Core.Tests.Failures.Reading;

public sealed class FailureFixTests
{
    private static FailureReading Denied(string action, string caller, string resource, string reason) =>
        FailureText.Read(
            $"denied: User: arn:aws:sts::{caller}:assumed-role/ci/run-7 is not authorized to perform: {action} on resource: {resource} {reason}"
        );

    private const string Repository = "arn:aws:ecr:eu-west-1:444455556666:repository/hello-api";

    [Fact]
    public void A_silent_repository_policy_gets_a_statement_with_all_actions_of_a_push()
    {
        var fix = Denied(
            "ecr:InitiateLayerUpload",
            "111122223333",
            Repository,
            "because no resource-based policy allows the ecr:InitiateLayerUpload action"
        )
            .Fixes.ShouldHaveSingleItem();

        (fix.Policy, fix.OwnerAccount).ShouldBe((PolicyKind.Repository, "444455556666"));
        fix.ToJson().ShouldContain("ecr:PutImage");
        fix.ToJson().ShouldContain("arn:aws:iam::111122223333:role/ci");
    }

    [Theory]
    [InlineData("111122223333", "resource-based", PolicyKind.Repository)]
    [InlineData("444455556666", "identity-based", PolicyKind.Identity)]
    public void A_denial_of_ECR_Public_gets_a_statement_with_its_own_actions(
        string caller,
        string policy,
        PolicyKind mended
    )
    {
        const string Public = "arn:aws:ecr-public::444455556666:repository/hello-api";

        var fix = Denied(
            "ecr-public:InitiateLayerUpload",
            caller,
            Public,
            $"because no {policy} policy allows the ecr-public:InitiateLayerUpload action"
        )
            .Fixes.ShouldHaveSingleItem();

        (fix.Policy, fix.OwnerAccount).ShouldBe((mended, "444455556666"));
        fix.Statement.Action.Patterns.ShouldBe([
            "ecr-public:BatchCheckLayerAvailability",
            "ecr-public:InitiateLayerUpload",
            "ecr-public:UploadLayerPart",
            "ecr-public:CompleteLayerUpload",
            "ecr-public:PutImage",
        ]);
    }

    [Fact]
    public void A_silent_identity_policy_gets_a_statement_on_exactly_the_repository()
    {
        var fix = Denied(
            "ecr:PutImage",
            "444455556666",
            Repository,
            "because no identity-based policy allows the ecr:PutImage action"
        )
            .Fixes.ShouldHaveSingleItem();

        (fix.Policy, fix.OwnerAccount).ShouldBe((PolicyKind.Identity, "444455556666"));
        fix.ToJson().ShouldContain(Repository);
    }

    [Fact]
    public void A_denied_token_gets_a_statement_on_any_resource() =>
        Denied(
            "ecr:GetAuthorizationToken",
            "111122223333",
            "*",
            "because no identity-based policy allows the ecr:GetAuthorizationToken action"
        )
            .Fixes.ShouldHaveSingleItem()
            .Statement.ToJson()
            .ShouldContain("\"Resource\":\"*\"");

    [Fact]
    public void Without_a_reason_both_sides_of_two_accounts_get_a_statement() =>
        Denied("ecr:PutImage", "111122223333", Repository, "")
            .Fixes.Select(fix => fix.Policy)
            .ShouldBe([PolicyKind.Repository, PolicyKind.Identity]);

    [Theory]
    [InlineData("ecr:PutImage", "111122223333", Repository, "with an explicit deny in a resource-based policy")]
    [InlineData(
        "ecr:PutImage",
        "111122223333",
        Repository,
        "because no permissions boundary allows the ecr:PutImage action"
    )]
    [InlineData("ecr:PutImage", "***", Repository, "because no resource-based policy allows the ecr:PutImage action")]
    [InlineData(
        "ecr:PutImage",
        "111122223333",
        "arn:aws:ecr:eu-west-1:***:repository/x",
        "because no resource-based policy allows the ecr:PutImage action"
    )]
    [InlineData(
        "s3:PutObject",
        "111122223333",
        "arn:aws:s3:::bucket/x",
        "because no identity-based policy allows the s3:PutObject action"
    )]
    public void No_statement_is_made_up_where_none_helps_or_a_part_is_not_known(
        string action,
        string caller,
        string resource,
        string reason
    ) => Denied(action, caller, resource, reason).Fixes.ShouldBeEmpty();
}
