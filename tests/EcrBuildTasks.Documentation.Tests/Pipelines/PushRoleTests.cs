using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Formats.Tests;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Policies.Tests;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>The roles of the samples, and the repository's policy: enough for a push, for the right pipeline, and for nothing else.</summary>
public sealed class PushRoleTests
{
    private static readonly Caller Pipeline = new(
        $"arn:aws:sts::{PipelineSample.PipelineAccount}:assumed-role/{PipelineSample.RoleName}/run-7",
        PipelineSample.PipelineAccount,
        "AROAPIPELINE:run-7"
    );

    private static readonly string[] OtherActions =
    [
        "ecr:BatchDeleteImage",
        "ecr:CreateRepository",
        "ecr:DeleteRepository",
        "ecr:DeleteRepositoryPolicy",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:GetRepositoryPolicy",
        "ecr:ListImages",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy",
    ];

    public static TheoryData<string> Samples => [.. PipelineSample.All.Select(sample => sample.Name)];

    public static TheoryData<string, string> Roles =>
        [
            .. PipelineSample.All.SelectMany(sample =>
                ((string[])["Terraform", "CloudFormation"]).Select(language => (sample.Name, language))
            ),
        ];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task The_pipeline_pushes_with_the_role_and_the_repository_policy(string sample, string language)
    {
        await using var scene = await OpenAsync(sample, language);
        if (PipelineSample.Of(sample).Token is { } token)
        {
            scene.RunWith(token);
        }
        else
        {
            scene.RunInCodeBuild();
        }

        var (preflight, push) = await scene.PushAsync();

        preflight.Diagnostics.ShouldBeEmpty();
        preflight.Report!.Actions.ShouldAllBe(verdict => verdict.Permission == Permission.Allowed);
        push.Diagnostics.ShouldBeEmpty();
        push.Result!.Pushed.Tags.ShouldBe(["0123456789abcdef"]);
        scene.Emulator.Calls.ShouldContain(call => call.Method == "PUT" && call.Status == 201);

        // Once more for the same commit: the tag stays, and the role may not see beforehand that it does.
        var (again, skipped) = await scene.PushAsync();

        again.Diagnostics.ShouldBeEmpty();
        skipped.Diagnostics.ShouldBeEmpty();
        skipped.Result!.IsSkipped.ShouldBeTrue();
        skipped.Result.Pushed.Digest.ShouldBe(push.Result.Pushed.Digest);
    }

    [Fact]
    public async Task What_CodeBuild_exports_is_what_was_pushed()
    {
        _ = RealPart.Find("jq");
        await using var scene = await OpenAsync("codebuild", "Terraform");
        scene.RunInCodeBuild();
        var (_, push) = await scene.PushAsync();
        var folder = Directory.CreateTempSubdirectory("ecr-codebuild-");
        var results = folder.CreateSubdirectory("HelloApi/obj/Release/net10.0/ecr");
        await File.WriteAllTextAsync(
            Path.Combine(results.FullName, "push.json"),
            ReportJson.Describe(push.Result!).ToJsonString(),
            TestContext.Current.CancellationToken
        );
        var afterThePush = (await PipelineCommand.ScriptsAsync(PipelineSample.Of("codebuild"))).Skip(2);

        var shell = await Cli.RunAsync(
            RealPart.Find("bash"),
            ["-euc", $"{string.Join('\n', afterThePush)}\nenv"],
            folder.FullName,
            new Dictionary<string, string?> { ["PROJECT"] = "HelloApi/HelloApi.csproj" },
            cancellationToken: TestContext.Current.CancellationToken
        );

        folder.Delete(recursive: true);
        var exported = shell.EnsureSuccess().Output.Split('\n');
        exported.ShouldContain($"IMAGE_URI={push.Result!.UriOf("0123456789abcdef")}");
        exported.ShouldContain($"IMAGE_DIGEST={push.Result.Pushed.Digest}");
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Another_pipeline_cannot_be_the_role(string sample, string language)
    {
        await using var scene = await OpenAsync(sample, language);
        foreach (var stranger in PipelineSample.Of(sample).Strangers)
        {
            scene.RunWith(stranger);

            var failure = await Should.ThrowAsync<AwsSessionException>(scene.WhoAsync, $"{stranger}");

            failure.Code.ShouldBe(EcrCode.WebIdentityRefused);
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task The_role_may_push_and_nothing_else(string sample, string language)
    {
        var role = await PushRole.OfAsync(sample, language);
        var policies = new PolicySet
        {
            RepositoryPolicy = PolicyDocument.Parse(await RepositoryPolicyAsync(language)),
            IdentityPolicies = [new("push", PolicyDocument.Parse(role.IdentityPolicy.ToJsonString()))],
        };

        foreach (var action in PushAction.OnRepository)
        {
            Ask(policies, action).ShouldBe(Verdict.Allowed, action);
            Ask(policies, action, PipelineSample.RepositoryArn + "2").ShouldBe(Verdict.ImplicitlyDenied, action);
            Ask(policies, action, role: "other").ShouldBe(Verdict.ImplicitlyDenied, action);
        }

        foreach (var action in OtherActions)
        {
            Ask(policies, action).ShouldBe(Verdict.ImplicitlyDenied, action);
        }

        ActionsOf(role.IdentityPolicy)
            .Where(action => action.StartsWith("ecr:", StringComparison.Ordinal))
            .ShouldBe([PushAction.GetAuthorizationToken, .. PushAction.OnRepository]);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Terraform_and_CloudFormation_describe_the_same_role(string sample)
    {
        var terraform = await PushRole.OfAsync(sample, "Terraform");
        var template = await PushRole.OfAsync(sample, "CloudFormation");

        template.Name.ShouldBe(terraform.Name);
        PolicyMeaning.OfPolicy(template.TrustPolicy).ShouldBe(PolicyMeaning.OfPolicy(terraform.TrustPolicy));
        PolicyMeaning.OfPolicy(template.IdentityPolicy).ShouldBe(PolicyMeaning.OfPolicy(terraform.IdentityPolicy));
        template.Provider?.Url.ShouldBe(terraform.Provider?.Url);
        template.Provider?.ClientIds.ShouldBe(terraform.Provider?.ClientIds);
    }

    [Theory]
    [InlineData("Terraform")]
    [InlineData("CloudFormation")]
    public async Task The_policies_are_those_that_a_denied_push_would_print(string language)
    {
        var fixes = PolicyFixes.For(
            new()
            {
                Caller = Pipeline,
                RoleArn = PipelineSample.RoleArn,
                RepositoryArn = PipelineSample.RepositoryArn,
                RepositoryAccount = PipelineSample.RegistryAccount,
                Actions = [PushAction.GetAuthorizationToken, .. PushAction.OnRepository],
                Wanting = [PolicyKind.Repository, PolicyKind.Identity],
            }
        );
        var repositoryPolicy = JsonNode.Parse(await RepositoryPolicyAsync(language))!;
        var role = await PushRole.OfAsync("github-actions", language);

        MeaningsOf(repositoryPolicy["Statement"]!.AsArray())
            .ShouldBe(
                MeaningsOf(fixes.Where(fix => fix.Policy is PolicyKind.Repository).Select(fix => Parse(fix.ToJson())))
            );
        MeaningsOf(role.IdentityPolicy["Statement"]!.AsArray())
            .ShouldBe(
                MeaningsOf(fixes.Where(fix => fix.Policy is PolicyKind.Identity).Select(fix => Parse(fix.ToJson()))),
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData("Terraform")]
    [InlineData("CloudFormation")]
    public async Task Policy_lint_has_nothing_to_say(string language)
    {
        var repositoryPolicy = PolicyDocument.Parse(await RepositoryPolicyAsync(language));

        PolicyLint
            .Check(repositoryPolicy, new() { OwnerAccount = PipelineSample.RegistryAccount, Partition = "aws" })
            .ShouldBeEmpty();
        foreach (var sample in PipelineSample.All)
        {
            var role = await PushRole.OfAsync(sample.Name, language);
            PolicyLint
                .Check(
                    PolicyDocument.Parse(role.IdentityPolicy.ToJsonString()),
                    new() { Kind = PolicyKind.Identity, Partition = "aws" }
                )
                .ShouldBeEmpty(sample.Name);
        }
    }

    [Theory]
    [InlineData("Terraform")]
    [InlineData("CloudFormation")]
    public async Task Only_the_project_of_CodeBuild_can_be_its_role(string language)
    {
        var role = await PushRole.OfAsync("codebuild", language);

        var statement = role.TrustPolicy["Statement"]!.AsArray().ShouldHaveSingleItem()!;
        statement["Principal"]!.ToJsonString().ShouldBe("""{"Service":"codebuild.amazonaws.com"}""");
        statement["Condition"]!["StringEquals"]!
            .ToJsonString()
            .ShouldBe(
                $$"""{"aws:SourceAccount":"{{PipelineSample.PipelineAccount}}","aws:SourceArn":"arn:aws:codebuild:us-east-1:{{PipelineSample.PipelineAccount}}:project/hello-api"}"""
            );
    }

    [Fact]
    public async Task AWS_s_validator_finds_nothing_in_the_templates()
    {
        foreach (var (sample, template) in await RoleFiles.CloudFormationAsync())
        {
            template.Findings.ShouldBeEmpty(sample);
        }
    }

    private static async Task<PushRoleScene> OpenAsync(string sample, string language) =>
        await PushRoleScene.OpenAsync(await PushRole.OfAsync(sample, language), await RepositoryPolicyAsync(language));

    private static async Task<string> RepositoryPolicyAsync(string language)
    {
        var policy =
            language == "Terraform"
                ? (await RoleFiles.TerraformAsync())[RoleFiles.Repository]["resource"]!["aws_ecr_repository_policy"]![
                    "push"
                ]![0]!["policy"]!
                : (await RoleFiles.CloudFormationAsync())[RoleFiles.Repository].Resources!["Repository"]![
                    "RepositoryPolicyText"
                ]!;
        return policy.ToJsonString();
    }

    private static Verdict Ask(
        PolicySet policies,
        string action,
        string repository = PipelineSample.RepositoryArn,
        string role = PipelineSample.RoleName
    ) =>
        PolicyEvaluator
            .Evaluate(
                new()
                {
                    Caller = Pipeline with { Arn = Pipeline.Arn.Replace(PipelineSample.RoleName, role) },
                    Action = action,
                    RepositoryArn = repository,
                    RepositoryAccount = PipelineSample.RegistryAccount,
                    Context = RequestContext.Complete([
                        KeyValuePair.Create(
                            "aws:PrincipalArn",
                            (IReadOnlyList<string>)[PipelineSample.RoleArn.Replace(PipelineSample.RoleName, role)]
                        ),
                    ]),
                },
                policies
            )
            .Verdict;

    private static IEnumerable<string> ActionsOf(JsonNode policy) =>
        policy["Statement"]!
            .AsArray()
            .SelectMany(statement =>
                statement!["Action"] is JsonArray several
                    ? several.Select(action => (string)action!)
                    : [(string)statement["Action"]!]
            );

    /// <summary>What statements mean, whatever they are called.</summary>
    private static IReadOnlyList<string> MeaningsOf(IEnumerable<JsonNode?> statements) =>
        [
            .. statements.Select(statement =>
            {
                var unnamed = statement!.DeepClone().AsObject();
                unnamed.Remove("Sid");
                return PolicyMeaning.OfStatement(unnamed);
            }),
        ];

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
