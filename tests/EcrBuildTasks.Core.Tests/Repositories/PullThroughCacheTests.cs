using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Repositories that ECR fills from another registry.</summary>
public sealed class PullThroughCacheTests
{
    private const string DockerHub = "registry-1.docker.io";

    [Fact]
    public async Task A_push_into_a_cache_is_warned_of_what_may_replace_its_tags_and_goes_on()
    {
        await using var scene = await OpenAsync();
        var request = RulesScene.Request("1.0.0") with { Repository = "docker-hub/library/nginx" };

        var preflight = await scene.PreflightAsync(request);

        preflight.Succeeded.ShouldBeTrue();
        var warning = preflight.Diagnostics.ShouldHaveSingleItem();
        (warning.Code, warning.Severity).ShouldBe((EcrCode.FilledFromUpstream, DiagnosticSeverity.Warning));
        warning.Message.ShouldContain(" docker-hub/library/nginx ");
        warning.Message.ShouldContain(" registry-1.docker.io/library/nginx.");
        var json = ReportJson.Describe(preflight);
        json["pullThroughCache"]!
            .ToJsonString()
            .ShouldBe("""{"prefix":"docker-hub","upstream":"registry-1.docker.io/library/nginx"}""");
        json["diagnostics"]![0]!["code"]!.GetValue<string>().ShouldBe("ECR3013");
        (await scene.PushAsync(scene.Built(request))).Result.ShouldNotBeNull();
        scene.CallsOf("DescribePullThroughCacheRules").ShouldBe(1);
    }

    [Fact]
    public async Task A_repository_that_the_push_creates_in_a_cache_is_warned_of_too()
    {
        await using var scene = await OpenAsync(new EmulatedCreationTemplate("ROOT"));

        var preflight = await scene.PreflightAsync(RulesScene.Request("1") with { Repository = "docker-hub/new" });

        preflight.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.FilledFromUpstream);
    }

    [Theory]
    [InlineData("team/app", "ecr:DeleteRepository", 1)]
    [InlineData("docker-hub/library/nginx", "ecr:DescribePullThroughCacheRules", 1)]
    [InlineData(RulesScene.Repository, "ecr:DeleteRepository", 0)]
    public async Task Where_no_rule_is_seen_nothing_is_said_and_a_name_without_a_namespace_is_not_asked_for(
        string repository,
        string denied,
        int calls
    )
    {
        await using var scene = await OpenAsync(denied: denied);

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0") with { Repository = repository });

        preflight.Diagnostics.ShouldBeEmpty();
        ReportJson.Describe(preflight)["pullThroughCache"].ShouldBeNull();
        scene.CallsOf("DescribePullThroughCacheRules").ShouldBe(calls);
    }

    [Fact]
    public async Task A_rule_on_a_later_page_is_found()
    {
        await using var scene = await RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region)
            {
                Repositories = [new("docker-hub/nginx")],
                PullThroughCacheRules =
                [
                    .. Enumerable.Range(0, 1000).Select(i => new EmulatedPullThroughCacheRule($"x{i}", DockerHub)),
                    new("docker-hub", DockerHub),
                ],
                CreationTemplates =
                [
                    .. Enumerable.Range(0, 1000).Select(i => new EmulatedCreationTemplate($"x{i}")),
                    new("docker-hub"),
                ],
            }
        );

        var cached = await scene.PreflightAsync(RulesScene.Request("1") with { Repository = "docker-hub/nginx" });
        var created = await scene.PreflightAsync(RulesScene.Request("1") with { Repository = "docker-hub/new" });

        cached.Report!.Repository.FilledBy.ShouldNotBeNull();
        created.Report!.Repository.CreatedOnPushBy.ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_another_accounts_registry_nobody_asks_for_rules()
    {
        await using var scene = await OpenAsync();
        var request = RulesScene.Request("1") with
        {
            Registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = "docker-hub/library/nginx",
        };

        await scene.PreflightAsync(request);

        scene.CallsOf("DescribePullThroughCacheRules").ShouldBe(0);
    }

    [Theory]
    [InlineData("docker-hub/library/nginx", "docker-hub", $"{DockerHub}/library/nginx")]
    [InlineData("docker-hub/mirror/app", "docker-hub/mirror/", "quay.io/acme/app")]
    [InlineData("docker-hubs/app", "ROOT", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/docker-hubs/app")]
    public void The_rule_of_the_longest_prefix_tells_where_a_repository_is_filled_from(
        string repository,
        string prefix,
        string upstream
    )
    {
        var rule = PullThroughCache
            .FindFor(
                repository,
                [
                    new("ROOT", "111122223333.dkr.ecr.eu-west-1.amazonaws.com", "ROOT"),
                    new("docker-hub", DockerHub, "ROOT"),
                    new("docker-hub/mirror/", "quay.io", "acme"),
                ]
            )
            .ShouldNotBeNull();

        rule.Prefix.ShouldBe(prefix);
        rule.UpstreamOf(repository).ShouldBe(upstream);
    }

    [Fact]
    public void The_warning_names_the_prefix_of_a_cache_of_a_whole_registry() =>
        PreflightDiagnosis
            .FilledFromUpstream(
                new(EcrRegistry.Parse(RulesScene.Host), "team/app", ["1"]),
                new("ROOT", "public.ecr.aws", "ROOT")
            )
            .Message.ShouldContain("(prefix ROOT)");

    private static Task<RulesScene> OpenAsync(
        EmulatedCreationTemplate? template = null,
        string denied = "ecr:DeleteRepository"
    ) =>
        RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region)
            {
                Repositories = [new(RulesScene.Repository), new("docker-hub/library/nginx"), new("team/app")],
                CreationTemplates = template is null ? [] : [template],
                PullThroughCacheRules = [new("docker-hub", DockerHub)],
            },
            denied
        );
}
