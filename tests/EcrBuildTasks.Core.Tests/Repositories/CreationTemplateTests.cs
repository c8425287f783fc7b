using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Repositories that ECR itself creates on push.</summary>
public sealed class CreationTemplateTests
{
    [Fact]
    public async Task A_missing_repository_that_a_template_covers_is_told_as_created_on_push_and_is()
    {
        await using var scene = await RulesScene.OpenAsync(Registry(new("team"), new("ROOT")));
        var request = RulesScene.Request("1.0.0") with { Repository = "team/hello-api" };

        var preflight = await scene.PreflightAsync(request);

        preflight.Diagnostics.ShouldBeEmpty();
        PreflightLines.Limits(preflight).First().ShouldContain(" team,");
        ReportJson.Describe(preflight)["creationTemplate"]!.GetValue<string>().ShouldBe("team");
        preflight
            .Report!.Actions.Where(verdict => verdict.Action is PushAction.InitiateLayerUpload or PushAction.PutImage)
            .ShouldAllBe(verdict => verdict.Permission == Permission.Unknown && verdict.IsWithheld);
        (await scene.IsThereAsync("team/hello-api")).ShouldBeFalse();

        var push = await scene.PushAsync(scene.Built(request));

        push.Diagnostics.ShouldBeEmpty();
        push.Result.ShouldNotBeNull();
        (await scene.IsThereAsync("team/hello-api")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_template_is_asked_for_once_and_only_where_the_repository_is_missing()
    {
        await using var scene = await RulesScene.OpenAsync(Registry(new EmulatedCreationTemplate("ROOT")));

        await scene.PreflightAsync(RulesScene.Request("1.0.0"));
        await scene.PublishAsync("1.0.0");
        (await scene.PreflightAsync(RulesScene.Request("1.0.1"))).Report!.Permission.ShouldBe(Permission.Allowed);

        scene.CallsOf("DescribeRepositoryCreationTemplates").ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_not_create_the_repository_gets_the_identity_statement_from_the_denied_push(bool isOpaque)
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT")),
            "ecr:CreateRepository"
        );
        if (isOpaque)
        {
            // As engines tell it that lose the registry's sentence.
            scene.Emulator.Faults.Add(
                new RefusalFault(FaultStep.StartUpload, 403) { Code = "DENIED", Message = "Forbidden" }
            );
        }

        var push = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")));

        push.Result.ShouldBeNull();
        var error = push.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.IdentityPolicySilent);
        error.Message.ShouldContain("444455556666");
        error.Message.ShouldEndWith(" ecr:CreateRepository.");
        error.Details.ShouldContain(line => line.StartsWith("ecr:CreateRepository ") && line.Contains(" ROOT"));
        var fix = push.Fixes.ShouldHaveSingleItem();
        fix.Policy.ShouldBe(PolicyKind.Identity);
        fix.Statement.ToJson()
            .ShouldBe(
                """{"Sid":"AllowPushToHelloApi","Effect":"Allow","Action":["ecr:CreateRepository"],"Resource":"arn:aws:ecr:eu-west-1:444455556666:repository/hello-api"}"""
            );
        (await scene.IsThereAsync(RulesScene.Repository)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_build_that_may_not_create_the_repository_itself_gets_the_identity_statement_too()
    {
        await using var scene = await RulesScene.OpenAsync(Registry(), "ecr:CreateRepository");
        var request = RulesScene.Request("1.0.0") with { CreateRepository = true };

        var push = await scene.PushAsync(scene.Built(request));

        push.Diagnostics.ShouldHaveSingleItem().Message.ShouldEndWith("allows ecr:CreateRepository.");
        push.Fixes.ShouldHaveSingleItem().Policy.ShouldBe(PolicyKind.Identity);
    }

    [Theory]
    [InlineData("ecr:DeleteRepository", "REPLICATION", "444455556666")]
    [InlineData("ecr:DescribeRepositoryCreationTemplates", "CREATE_ON_PUSH", "ecr:DescribeRepositoryCreationTemplates")]
    public async Task Without_a_template_that_can_be_seen_the_repository_is_missing(
        string denied,
        string appliedFor,
        string words
    )
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT") { AppliedFor = [appliedFor] }),
            denied
        );

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        var error = preflight.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryMissing);
        error.ToString().ShouldContain(words);
        (await scene.IsThereAsync(RulesScene.Repository)).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_sees_neither_the_repository_nor_templates_creates_nothing_before_the_push_and_can_let_it_try()
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT")),
            "ecr:Describe* ecr:GetRepositoryPolicy"
        );
        var request = RulesScene.Request("1.0.0");

        var preflight = await scene.PreflightAsync(request);

        var error = preflight.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryMissing);
        error.ToString().ShouldContain("EcrPreflight");
        preflight
            .Report!.Actions.Where(verdict => verdict.RawAnswer is null)
            .Select(verdict => verdict.Action)
            .ShouldBe(PushAction.OnRepository.Skip(1));
        (await scene.IsThereAsync(RulesScene.Repository)).ShouldBeFalse();
        var tried = await scene.PreflightAsync(request with { Preflight = PreflightMode.Off });
        tried.Diagnostics.ShouldBeEmpty();
        (await scene.PushAsync(scene.Built(request))).Result.ShouldNotBeNull();
    }

    [Fact]
    public async Task Any_answer_that_the_repository_is_missing_keeps_the_preflight_from_creating_it()
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT")),
            "ecr:DescribeRepositories ecr:BatchCheckLayerAvailability"
        );

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        preflight.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        preflight.Report!.Repository.Repository.ShouldBe(Presence.Absent);
        scene.CallsOf("InitiateLayerUpload").ShouldBe(0);
        (await scene.IsThereAsync(RulesScene.Repository)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Deny", "*", "ecr:PutImage", "ECR2003")]
    [InlineData("Deny", "arn:aws:iam::444455556666:user/ci", "ecr:BatchCheckLayerAvailability", "ECR2003")]
    [InlineData("Deny", "arn:aws:iam::444455556666:user/other", "ecr:*", null)]
    [InlineData("Deny", "*", "ecr:BatchDeleteImage", null)]
    [InlineData("Allow", "arn:aws:iam::444455556666:user/ci", "ecr:*", null)]
    public async Task The_policy_of_a_template_foretells_what_the_push_will_be_allowed(
        string effect,
        string principal,
        string action,
        string? code
    )
    {
        var policy = new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(
                new JsonObject
                {
                    ["Sid"] = "OfTemplate",
                    ["Effect"] = effect,
                    ["Principal"] = principal == "*" ? "*" : new JsonObject { ["AWS"] = principal },
                    ["Action"] = action,
                }
            ),
        };
        var outcome = await PreflightAsync(new JsonObject { ["repositoryPolicy"] = policy.ToJsonString() });

        outcome.Report!.Repository.CreatedOnPushBy!.Prefix.ShouldBe("ROOT");
        outcome.Diagnostics.Select(diagnostic => diagnostic.Code.Id).ShouldBe(code is null ? [] : [code]);
        if (code is not null)
        {
            outcome.Diagnostics[0].Message.ShouldContain("OfTemplate");
            outcome.Diagnostics[0].Message.ShouldContain("template ROOT");
            outcome.Report.Denied.Select(verdict => verdict.Action).ShouldBe([action]);
        }

        // An identity policy that cannot be read could still deny the others.
        outcome
            .Report.Actions.Where(verdict => verdict.IsWithheld && verdict.Action != action)
            .ShouldAllBe(verdict => verdict.Permission == Permission.Unknown && verdict.Analysis != null);
    }

    [Theory]
    [InlineData("resourceTags", """[{"Key":"team","Value":"a"}]""", false)]
    [InlineData("encryptionConfiguration", """{"encryptionType":"KMS"}""", false)]
    [InlineData("encryptionConfiguration", """{"encryptionType":"KMS_DSSE","kmsKey":"key"}""", false)]
    [InlineData("encryptionConfiguration", """{"encryptionType":"AES256"}""", true)]
    [InlineData("resourceTags", "[]", true)]
    public async Task A_template_that_sets_tags_or_a_key_creates_only_with_a_role(
        string property,
        string value,
        bool isCreated
    )
    {
        JsonObject Template() => new() { [property] = JsonNode.Parse(value) };
        var withRole = Template();
        withRole["customRoleArn"] = "arn:aws:iam::444455556666:role/ecr";

        var outcome = await PreflightAsync(Template());

        (await PreflightAsync(withRole)).Diagnostics.ShouldBeEmpty();
        outcome
            .Diagnostics.Select(diagnostic => diagnostic.Code)
            .ShouldBe(isCreated ? [] : [EcrCode.RepositoryMissing]);
        outcome.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Message.Contains("customRoleArn"));
    }

    [Theory]
    [InlineData("MUTABLE", "", "")]
    [InlineData("IMMUTABLE", "", "1.4 1 latest")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest", "1.4 1")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest 1*", "")]
    [InlineData("MUTABLE_WITH_EXCLUSION", "1.*", "1.4")]
    public async Task Floating_tags_that_a_template_makes_immutable_are_a_warning_before_the_first_push(
        string mutability,
        string filters,
        string stuck
    )
    {
        var outcome = await PreflightAsync(
            new JsonObject
            {
                ["imageTagMutability"] = mutability,
                ["imageTagMutabilityExclusionFilters"] = new JsonArray([
                    .. filters
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(filter => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter }),
                ]),
            },
            RulesScene.Request("1.4.2") with
            {
                FloatingTags = true,
            }
        );

        outcome.Succeeded.ShouldBeTrue();
        outcome.Report!.StuckTags.ShouldBe(stuck.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        outcome
            .Diagnostics.Select(diagnostic => (diagnostic.Code, diagnostic.Severity))
            .ShouldBe(stuck.Length == 0 ? [] : [(EcrCode.TagImmutable, DiagnosticSeverity.Warning)]);
    }

    [Theory]
    [InlineData("team/app", "team")]
    [InlineData("team/a/app", "team/a")]
    [InlineData("team/ab/app", "team")]
    [InlineData("teams/app", "ROOT")]
    [InlineData("team", "ROOT")]
    [InlineData("cache/app", "ROOT")]
    public void The_longest_prefix_of_whole_names_wins_and_ROOT_takes_the_rest(string repository, string prefix) =>
        CreationTemplate
            .OfPushTo(
                repository,
                [
                    new("ROOT", ["CREATE_ON_PUSH"]),
                    new("team", ["REPLICATION", "CREATE_ON_PUSH"]),
                    new("team/a/", ["CREATE_ON_PUSH"]),
                    new("cache", ["PULL_THROUGH_CACHE"]),
                ]
            )!
            .Prefix.TrimEnd('/')
            .ShouldBe(prefix);

    /// <summary>The preflight of a push to a missing repository that this template covers.</summary>
    private static async Task<PreflightOutcome> PreflightAsync(JsonObject template, PushRequest? request = null)
    {
        template["prefix"] = "ROOT";
        template["appliedFor"] = new JsonArray("CREATE_ON_PUSH");
        var answer = new JsonObject
        {
            ["registryId"] = RulesScene.Account,
            ["repositoryCreationTemplates"] = new JsonArray(template.DeepClone()),
        };
        await using var scene = await RulesScene.OpenAsync(Registry());
        await using var front = await AwsFront.StartAsync(
            scene.Emulator.Endpoint,
            faults: new Dictionary<string, StubAnswer?>
            {
                ["DescribeRepositoryCreationTemplates"] = new(200, answer.ToJsonString()),
            }
        );
        using var environment = new AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", front.Url.ToString()),
            ("AWS_ACCESS_KEY_ID", "AKIACI"),
            ("AWS_SECRET_ACCESS_KEY", "ci-secret")
        );
        var outcome = await new PushPipeline(new AwsIdentities(environment.Variables)).PreflightAsync(
            request ?? RulesScene.Request("1.0.0"),
            TestContext.Current.CancellationToken
        );
        (await scene.IsThereAsync(RulesScene.Repository)).ShouldBeFalse();
        return outcome;
    }

    private static EmulatedRegistry Registry(params EmulatedCreationTemplate[] templates) =>
        new(RulesScene.Region) { CreationTemplates = templates };
}
