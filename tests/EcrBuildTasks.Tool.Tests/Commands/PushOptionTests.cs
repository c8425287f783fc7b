using System.Text.Json.Nodes;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>What a push is asked for by options, or by the project here: <c>check</c> answers for that very push.</summary>
public sealed class PushOptionTests
{
    [Theory]
    [InlineData(2, "ECR2002", "hello-api:1.0.0", "--floating-tags", "--fail-on-severity", "low")]
    [InlineData(1, "ECR4001", "hello-api:1.0.0", "--mode", "engine", "--docker-host", "unix:///no/engine.sock")]
    public async Task A_check_has_the_error_of_a_push_with_the_same_options(
        int exitCode,
        string code,
        params string[] arguments
    )
    {
        await using var scene = await PushScene.StartAsync();
        scene.AsPusher();

        var check = await scene.EcrAsync(["check", .. arguments]);
        var push = await scene.EcrAsync(["push", scene.WriteLayout(), .. arguments]);

        check.ExitCode.ShouldBe(exitCode, check.ToString());
        push.ExitCode.ShouldBe(exitCode, push.ToString());
        push.Error.ShouldContain($"error {code}: ");
        check.Error.ShouldStartWith(push.Error.Trim());
    }

    [Fact]
    public async Task Floating_tags_that_may_not_move_are_an_error_unless_the_version_is_lower()
    {
        await using var scene = await PushScene.StartAsync(isImmutable: true);
        (await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2", "--floating-tags")).ExitCode.ShouldBe(0);

        var higher = await scene.EcrAsync("check", "hello-api:1.4.3", "--floating-tags");
        var lower = await scene.EcrAsync("check", "hello-api:1.3.9", "--floating-tags");

        higher.ExitCode.ShouldBe(1, higher.ToString());
        higher.Error.ShouldMatch(@"error ECR3002: .* 1\.4, 1, latest ");
        lower.ExitCode.ShouldBe(0, lower.ToString());
    }

    [Fact]
    public async Task A_check_of_existing_tags_has_the_output_of_a_push_that_skips_them()
    {
        await using var scene = await PushScene.StartAsync(isImmutable: true);
        var layout = scene.WriteLayout();
        await scene.EcrAsync("push", layout, "hello-api:1.0.0");

        var check = await scene.EcrAsync("check", "hello-api:1.0.0", "--skip-if-exists", "--output", "json");
        var push = await scene.EcrAsync("push", layout, "hello-api:1.0.0", "--skip-if-exists", "--output", "json");

        check.ExitCode.ShouldBe(0, check.ToString());
        check.Output.ShouldBe(push.Output);
        JsonNode.Parse(push.Output)!["skipped"]!.GetValue<bool>().ShouldBeTrue();
        JsonNode.Parse(push.Output)!["caller"]!["arn"]!.GetValue<string>().ShouldEndWith(":user/owner");
    }

    [Fact]
    public async Task A_repository_that_the_push_creates_is_not_missing_and_only_the_push_shows_whether_it_may()
    {
        await using var scene = await PushScene.StartAsync();
        scene.AsPusher();

        var check = await scene.EcrAsync("check", "new:1.0.0", "--create-repository");
        var denied = await scene.EcrAsync("push", scene.WriteLayout(), "new:1.0.0", "--create-repository");

        check.ExitCode.ShouldBe(3, check.ToString());
        check.Output.ShouldContain("ecr:CreateRepository");
        check.Error.ShouldBeEmpty();
        denied.ExitCode.ShouldBe(2, denied.ToString());
        denied.Error.ShouldContain("error ECR2002: ");
        denied.Error.ShouldContain("ecr:CreateRepository");
        denied.Error.ShouldNotContain("EcrCreateRepository");
    }

    [Fact]
    public async Task No_test_image_is_pushed_where_that_would_create_the_repository()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("<EcrRepository>new</EcrRepository><EcrCreateRepository>true</EcrCreateRepository>");

        var check = await scene.EcrAsync("check", "--push-test-image");
        var without = await scene.EcrAsync("check", "--create-repository", "false");

        check.ExitCode.ShouldBe(3, check.ToString());
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "CreateRepository");
        without.ExitCode.ShouldBe(1, without.ToString());
        without.Error.ShouldContain("error ECR3001: ");
    }

    [Fact]
    public async Task The_command_line_takes_precedence_over_the_project()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("<EcrRepository>hello-api</EcrRepository><EcrTagCommit>true</EcrTagCommit>");

        var asTheProjectSays = await scene.EcrAsync("check");
        var without = await scene.EcrAsync("check", "--tag-commit", "false");

        asTheProjectSays.Error.ShouldContain("error ECR1033: ");
        without.ExitCode.ShouldBe(0, without.ToString());
    }

    [Fact]
    public async Task The_properties_of_the_project_hold_at_the_command_line()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject(
            """
            <EcrRepository>new</EcrRepository>
            <EcrPushMode>Registry</EcrPushMode>
            <EcrCreateRepository>true</EcrCreateRepository>
            <EcrRepositoryImmutability>IMMUTABLE_WITH_EXCLUSION:latest</EcrRepositoryImmutability>
            <EcrIfTagExists>Skip</EcrIfTagExists>
            <EcrFailOnSeverity>HIGH</EcrFailOnSeverity>
            <EcrScanTimeout>1</EcrScanTimeout>
              </PropertyGroup>
              <ItemGroup>
                <EcrRepositoryTag Include="team" Value="api" />
              </ItemGroup>
              <PropertyGroup>
            """
        );

        var check = await scene.EcrAsync("check", "--output", "json");
        var push = await scene.EcrAsync("push", scene.WriteLayout());
        var other = await scene.EcrAsync("push", scene.WriteLayout(), "--output", "json");

        JsonNode.Parse(check.Output)!["actions"]!
            .AsArray()
            .Select(action => (string?)action!["action"])
            .ShouldContain("ecr:DescribeImageScanFindings");
        push.ExitCode.ShouldBe(1, push.ToString());
        push.Error.ShouldContain("error ECR3011: ");
        push.Error.ShouldContain(" 1 s");
        JsonNode.Parse(other.Output)!["skipped"]!.GetValue<bool>().ShouldBeTrue();
        scene.Emulator.Calls.Count(call => call.Action == "CreateRepository").ShouldBe(1);
        var list = await scene.EcrAsync("repository", "list");
        list.Output.ShouldContain("immutable with ");
    }

    [Fact]
    public async Task A_property_that_cannot_be_is_named()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("<EcrPushMode>fast</EcrPushMode>");

        var check = await scene.EcrAsync("check");

        check.ExitCode.ShouldBe(1, check.ToString());
        check.Error.ShouldContain("error ECR1004: The property EcrPushMode ");
    }
}
