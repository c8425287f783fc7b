using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Core.Tests.RepositoryRules;

/// <summary>Repositories that ECR itself creates on push.</summary>
public sealed class CreationTemplateTests
{
    [Fact]
    public async Task A_missing_repository_that_a_template_covers_is_told_as_created_on_push_and_is()
    {
        await using var scene = await RulesScene.OpenAsync(Registry(new("team"), new("ROOT")));
        var request = RulesScene.Request("1.0.0") with { Repository = "team/hello-api" };

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        preflight.Diagnostics.ShouldBeEmpty();
        PreflightWords
            .Lines(preflight.Report!)
            .ShouldContain(
                "  The repository team/hello-api does not exist yet: ECR will create it on push by the creation template team, if the caller may ecr:CreateRepository."
            );
        PreflightJson.Of(preflight.Report!, [])["creationTemplate"]!.GetValue<string>().ShouldBe("team");
        push.Diagnostics.ShouldBeEmpty();
        push.Result.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_may_not_create_the_repository_is_denied_by_the_push_with_the_action()
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT")),
            "ecr:CreateRepository"
        );

        var push = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")));

        push.Result.ShouldBeNull();
        push.Diagnostics[0].ToString().ShouldContain("ecr:CreateRepository");
    }

    [Theory]
    [InlineData("ecr:DeleteRepository", "REPLICATION")]
    [InlineData("ecr:DescribeRepositoryCreationTemplates", "CREATE_ON_PUSH")]
    public async Task Without_a_template_that_can_be_seen_the_repository_is_missing(string denied, string appliedFor)
    {
        await using var scene = await RulesScene.OpenAsync(
            Registry(new EmulatedCreationTemplate("ROOT") { AppliedFor = [appliedFor] }),
            denied
        );

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        preflight.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryMissing);
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

    private static EmulatedRegistry Registry(params EmulatedCreationTemplate[] templates) =>
        new(RulesScene.Region) { CreationTemplates = templates };
}
