using System.Text.Json.Nodes;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Formats.Tests;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>The policies to copy do what the page says, whoever copies them.</summary>
public sealed class PermissionsPolicyTests
{
    private const string CallersAccount = "111122223333";
    private const string OtherAccount = "444455556666";

    private static readonly MarkdownPage Page = DocumentationPages.Find("docs/permissions.md");

    [Fact]
    public void The_identity_policy_alone_allows_a_push_within_its_account()
    {
        var identity = PolicyDocument.Parse(Json("Within one account, one policy suffices")[0]);

        Verdicts(CallersAccount, null, identity).ShouldAllBe(verdict => verdict == Verdict.Allowed);
        Verdicts(OtherAccount, null, identity).ShouldAllBe(verdict => verdict != Verdict.Allowed);
    }

    [Fact]
    public void The_two_policies_allow_a_push_across_accounts_together_and_not_alone()
    {
        var json = Json("Across accounts, both sides must allow");
        var (repository, identity) = (PolicyDocument.Parse(json[0]), PolicyDocument.Parse(json[1]));

        Verdicts(OtherAccount, repository, identity).ShouldAllBe(verdict => verdict == Verdict.Allowed);
        Verdicts(OtherAccount, repository, null).ShouldAllBe(verdict => verdict == Verdict.ImplicitlyDenied);
        Verdicts(OtherAccount, null, identity).ShouldAllBe(verdict => verdict == Verdict.ImplicitlyDenied);
    }

    [Fact]
    public async Task Terraform_and_CloudFormation_say_what_the_JSON_says()
    {
        var meant = PolicyMeaning.OfPolicy(JsonNode.Parse(Json("Across accounts, both sides must allow")[0])!);
        var blocks = new MarkdownPage("section", Page.Section("Setting a repository policy")).Blocks;
        var yaml = YamlDocument.Read(blocks.Single(block => block.Language == "yaml").Text);

        var terraform = await HclDocuments.ReadAsync([blocks.Single(block => block.Language == "hcl").Text]);

        PolicyMeaning.OfPolicy(yaml["Resources"]!["HelloApi"]!["Properties"]!["RepositoryPolicyText"]!).ShouldBe(meant);
        PolicyMeaning
            .OfPolicy(terraform[0]!["resource"]!["aws_ecr_repository_policy"]!["hello_api"]![0]!["policy"]!)
            .ShouldBe(meant);
    }

    private static IReadOnlyList<string> Json(string heading) =>
        [
            .. new MarkdownPage("section", Page.Section(heading))
                .Blocks.Where(block => block.Language == "json")
                .Select(block => block.Text),
        ];

    /// <summary>What is decided about each action of a push by the role <c>ci</c>, to the page's repository in an account.</summary>
    private static IEnumerable<Verdict> Verdicts(
        string account,
        PolicyDocument? repository,
        PolicyDocument? identity
    ) =>
        PushAction.OnRepository.Select(action =>
            PolicyEvaluator
                .Evaluate(
                    new()
                    {
                        Action = action,
                        Caller = new(
                            $"arn:aws:sts::{CallersAccount}:assumed-role/ci/run-7",
                            CallersAccount,
                            "AROACI:run-7"
                        ),
                        RepositoryArn = $"arn:aws:ecr:eu-west-1:{account}:repository/hello-api",
                        RepositoryAccount = account,
                        Context = RequestContext.Complete([
                            new("aws:PrincipalArn", [$"arn:aws:iam::{CallersAccount}:role/ci"]),
                        ]),
                    },
                    new()
                    {
                        RepositoryPolicy = repository,
                        IdentityPolicies = identity is null ? [] : [new("push", identity)],
                    }
                )
                .Verdict
        );
}
