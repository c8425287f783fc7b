using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class PushCommandTests
{
    [Fact]
    public async Task A_push_prints_each_reference_with_the_digest_and_nothing_else_on_standard_output()
    {
        await using var scene = await PushScene.StartAsync();
        var layout = scene.WriteLayout();
        var digestFile = Path.Combine(scene.Folder, "digest.txt");

        var push = await scene.EcrAsync(
            "push",
            layout,
            $"{PushScene.Host}/hello-api:1.0.0",
            $"{PushScene.Host}/hello-api:latest",
            "--digest-file",
            digestFile
        );

        push.ExitCode.ShouldBe(0, push.ToString());
        var digest = (await File.ReadAllTextAsync(digestFile, TestContext.Current.CancellationToken)).Trim();
        var host = scene.Emulator.Endpoint.Authority;
        push.Output.Trim()
            .Split('\n')
            .ShouldBe([$"{host}/hello-api:1.0.0@{digest}", $"{host}/hello-api:latest@{digest}"]);
        push.Error.ShouldContain("sent of");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("engine")]
    public async Task One_cause_for_several_images_is_reported_once(string mode)
    {
        await using var scene = await PushScene.StartAsync();

        var push = await scene.EcrAsync(
            "push",
            "hello:1",
            "hello-api:1.0.0",
            $"{PushScene.PublicRegistry}/hello-api:1.0.0",
            "--mode",
            mode
        );

        push.ExitCode.ShouldNotBe(0, push.ToString());
        push.Output.ShouldBeEmpty();
        push.Error.Split("error ECR4001").Length.ShouldBe(2, push.ToString());
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_registry_fails_the_push()
    {
        await using var scene = await PushScene.StartAsync();
        foreach (var step in FaultStep.All.Where(step => step is not (FaultStep.Any or FaultStep.Connect)))
        {
            scene.Emulator.Faults.Add(new AnswerFault(step, 200, "<html>Log in</html>", "text/html"));
        }

        var push = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.0.0");

        push.ExitCode.ShouldNotBe(0, push.ToString());
        push.Output.ShouldBeEmpty();
        push.Error.ShouldContain("error ECR4012");
    }

    [Fact]
    public async Task A_tag_that_exists_is_skipped_on_request_and_its_digest_is_the_output()
    {
        await using var scene = await PushScene.StartAsync();
        var first = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.0.0");
        var digestFile = Path.Combine(scene.Folder, "digest.txt");

        var again = await scene.EcrAsync(
            "push",
            scene.WriteLayout(),
            "hello-api:1.0.0",
            "--skip-if-exists",
            "--digest-file",
            digestFile
        );

        again.ExitCode.ShouldBe(0, again.ToString());
        again.Output.ShouldBe(first.Output);
        var digest = await File.ReadAllTextAsync(digestFile, TestContext.Current.CancellationToken);
        first.Output.Trim().ShouldEndWith($"@{digest.Trim()}");
    }

    [Fact]
    public async Task A_lower_version_does_not_move_the_floating_tags_of_a_higher_one()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("CI_COMMIT_BRANCH", "feature/x").With("CI_COMMIT_SHA", "0a1b2c3d");
        await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2", "--floating-tags");

        var push = await scene.EcrAsync(
            "push",
            scene.WriteLayout(),
            "hello-api:1.3.9",
            "--floating-tags",
            "--tag-commit",
            "--tag-branch"
        );

        push.ExitCode.ShouldBe(0, push.ToString());
        push.Output.Trim()
            .Split('\n')
            .Select(line => line.Split('@')[0].Split(':')[^1])
            .ShouldBe(["1.3.9", "0a1b2c3d", "feature-x", "1.3"]);
        push.Error.ShouldMatch(@" 1\.4\.2 .*: 1, latest");
    }

    [Fact]
    public async Task Without_an_image_the_tags_are_those_that_the_project_wants_and_a_test_image_gets_none_of_them()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("CI_COMMIT_BRANCH", "feature/x");
        scene.WithProject(
            """
            <Version>1.4.2+build.7</Version>
            <EcrRepository>hello-api</EcrRepository>
            <EcrFloatingTags>true</EcrFloatingTags>
            <EcrTagBranch>true</EcrTagBranch>
            """
        );

        var push = await scene.EcrAsync("push", scene.WriteLayout(), "--output", "json");
        var check = await scene.EcrAsync("check", "--push-test-image");
        var again = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2", "--floating-tags");

        push.ExitCode.ShouldBe(0, push.ToString());
        JsonNode.Parse(push.Output)!["images"]!
            .AsArray()
            .Select(image => (string?)image!["tag"])
            .ShouldBe(["1.4.2_build.7", "feature-x", "1.4", "1", "latest"]);
        check.ExitCode.ShouldBe(0, check.ToString());
        check.Output.ShouldContain("ecr:ListImages");
        // Build metadata makes no version higher, so that the tags follow the one that is pushed last.
        again.Output.Trim().Split('\n').Length.ShouldBe(4, again.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_name_in_an_ECR_registry_is_pushed_under_that_name_in_a_project_too(bool isInProject)
    {
        const string Image = $"{PushScene.Host}/hello-api:1.6.0";
        await using var scene = await PushScene.StartAsync();
        await using var engine = await FakeEngine.StartAsync(Image);
        if (isInProject)
        {
            scene.WithProject("<Version>1.0.0</Version><EcrRepository>hello-api</EcrRepository>");
        }

        var push = await scene.EcrAsync("push", Image, "--docker-host", engine.Address);

        push.ExitCode.ShouldBe(0, push.ToString());
        engine.Pushed.ShouldBe([$"{scene.Emulator.Endpoint.Authority}/hello-api:1.6.0"]);
    }

    [Theory]
    [InlineData(
        true,
        "ECR4004",
        $"dotnet publish /t:PushToEcr -p:EcrRegistry={PushScene.Host} -p:EcrRepository=hello-api -p:EcrImageTags=1.6.0"
    )]
    [InlineData(false, "ECR4004", $"dotnet ecr push image.tar.gz {PushScene.Host}/hello-api:1.6.0")]
    [InlineData(false, "ECR4001", $"dotnet ecr push image.tar.gz {PushScene.Host}/hello-api:1.6.0")]
    public async Task One_name_that_no_engine_holds_is_an_error_with_both_commands_and_pushes_nothing(
        bool isInProject,
        string code,
        string other
    )
    {
        const string Image = $"{PushScene.Host}/hello-api:1.6.0";
        await using var scene = await PushScene.StartAsync();
        await using var engine = await FakeEngine.StartAsync("hello-api:1.6.0");
        if (isInProject)
        {
            scene.WithProject("<Version>1.0.0</Version><EcrRepository>hello-api</EcrRepository>");
        }

        var host = code == "ECR4004" ? engine.Address : "unix:///nowhere/docker.sock";
        var push = await scene.EcrAsync("push", Image, "--docker-host", host);

        push.ExitCode.ShouldBe(1, push.ToString());
        push.Error.ShouldContain($"error {code}: ");
        push.Error.ShouldContain($"  dotnet ecr push hello-api:1.6.0 {Image}");
        push.Error.ShouldContain($"  {other}");
        engine.Pushed.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_may_be_the_target_pushes_nothing_to_the_tag_of_the_project()
    {
        await using var scene = await PushScene.StartAsync();
        await using var engine = await FakeEngine.StartAsync("hello-api:1.6.0");
        scene.WithProject("<Version>1.0.0</Version><EcrRepository>hello-api</EcrRepository>");

        var push = await scene.EcrAsync("push", "hello-api:1.6.0", "--docker-host", engine.Address);

        push.ExitCode.ShouldBe(1, push.ToString());
        push.Error.ShouldContain("error ECR1022: ");
        engine.Pushed.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hello-api:1.0@sha256:0a1b", "error ECR1032: hello-api:1.0@sha256:0a1b ", "hello-api:1.0.")]
    [InlineData($"http://{PushScene.Host}/hello-api", "error ECR1001: ", $" {PushScene.Host}.")]
    [InlineData(
        "https://AWS:pass@ghcr.io/hello-api",
        "error ECR1001: The registry 'https://***@ghcr.io'",
        "<account>.dkr.ecr.<region>.amazonaws.com"
    )]
    public async Task A_name_that_is_pasted_from_elsewhere_is_refused_with_the_one_that_is_meant(
        string image,
        string error,
        string remedy
    )
    {
        await using var scene = await PushScene.StartAsync();

        var push = await scene.EcrAsync("push", scene.WriteLayout(), image);

        push.ExitCode.ShouldBe(1, push.ToString());
        push.Error.ShouldContain(error);
        push.Error.ShouldContain(remedy);
        push.Error.ShouldNotContain("pass@");
    }

    [Fact]
    public async Task Pushes_that_start_at_once_and_share_a_rate_limit_all_get_through()
    {
        await using var scene = await PushScene.StartAsync(
            rateLimits: new RateLimit("GetAuthorizationToken", PerSecond: 0.5, Burst: 1)
        );
        var layout = scene.WriteLayout();

        var pushes = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(build => scene.EcrAsync("push", layout, $"hello-api:1.0.{build}"))
        );

        pushes.ShouldAllBe(push => push.ExitCode == 0);
        scene
            .Emulator.Calls.Count(call => call is { Action: "GetAuthorizationToken", Status: 400 })
            .ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_push_that_is_forbidden_sends_nothing_and_exits_with_2()
    {
        await using var scene = await PushScene.StartAsync();

        var push = await scene.AsCi().EcrAsync("push", scene.WriteLayout(), $"{PushScene.Host}/hello-api:1.0.0");

        push.ExitCode.ShouldBe(2, push.ToString());
        push.Error.ShouldContain("error ECR2001: ");
        push.Output.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldNotContain(call => call.Service == "registry");
    }

    [Fact]
    public async Task A_digest_file_that_cannot_be_written_is_an_error_before_anything_is_pushed()
    {
        await using var scene = await PushScene.StartAsync();

        var push = await scene.EcrAsync(
            "push",
            scene.WriteLayout(),
            "hello-api:1.0.0",
            "--digest-file",
            "/no/such/folder/digest.txt"
        );

        push.ExitCode.ShouldBe(64, push.ToString());
        push.Error.ShouldContain("/no/such/folder");
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_named()
    {
        await using var scene = await PushScene.StartAsync();

        var push = await scene.EcrAsync("push", "./no-such.tar", "hello-api:1.0.0");

        push.ExitCode.ShouldBe(1, push.ToString());
        push.Error.ShouldContain("no-such.tar");
        push.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task GitHub_Actions_gets_outputs_annotations_and_a_summary()
    {
        await using var scene = await PushScene.StartAsync();
        var (output, summary) = (Path.Combine(scene.Folder, "output"), Path.Combine(scene.Folder, "summary.md"));
        scene.With("GITHUB_ACTIONS", "true").With("GITHUB_OUTPUT", output).With("GITHUB_STEP_SUMMARY", summary);

        var push = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.0.0", "--output", "json");
        var forbidden = await scene.AsCi().EcrAsync("check", $"{PushScene.Host}/hello-api:1.0.0");

        using var json = JsonDocument.Parse(push.Output);
        var digest = json.RootElement.GetProperty("digest").GetString();
        var outputs = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        outputs.ShouldBe([$"image-uri={scene.Emulator.Endpoint.Authority}/hello-api:1.0.0", $"image-digest={digest}"]);
        var page = await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken);
        page.ShouldContain($"`{digest}`");
        page.ShouldContain("AllowPushByCi");
        forbidden.Error.ShouldContain("\n::error title=ECR2001%3A ");
    }

    [Fact]
    public async Task TeamCity_reads_standard_output_and_so_its_messages_stand_there_unless_a_program_reads_it()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("TEAMCITY_VERSION", "2025.03");
        var image = $"{PushScene.Host}/hello-api:1.0.0";

        var push = await scene.EcrAsync("push", scene.WriteLayout(), image);
        var forbidden = await scene.AsCi().EcrAsync("check", image);
        var json = await scene.EcrAsync("check", image, "--output", "json");
        var fix = await scene.AsOwner().EcrAsync("policy", "fix", "no-such", "--format", "terraform");

        push.Output.ShouldContain("\n##teamcity[setParameter name='image-digest' value='sha256:");
        forbidden.Output.ShouldContain("\n##teamcity[buildProblem description='ECR2001: ");
        json.Output.ShouldNotContain("##teamcity[");
        json.Error.ShouldContain("##teamcity[buildProblem");
        fix.Output.ShouldBeEmpty();
        fix.Error.ShouldContain("##teamcity[buildProblem");
    }

    [Fact]
    public async Task In_a_terminal_a_layer_that_was_there_says_so_instead_of_a_speed()
    {
        _ = RealPart.Find("script");
        await using var scene = await PushScene.StartAsync();
        var command =
            $"dotnet {SourceTree.Tool} push {scene.WriteLayout()} hello-api:1.0.0 --endpoint-url {scene.Emulator.Endpoint}";
        scene.With("TERM", "xterm-256color");

        var first = await scene.RunAsync("script", ["-qec", $"stty cols 100; {command}", "/dev/null"]);
        var second = await scene.RunAsync("script", ["-qec", $"stty cols 100; {command}", "/dev/null"]);

        first.Output.ShouldContain("pushed");
        second.Output.ShouldContain("exists already");
        second.Output.ShouldNotContain("?/s");
    }

    [Fact]
    public async Task Azure_Pipelines_gets_variables_and_logged_issues()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("TF_BUILD", "True").With("AGENT_TEMPDIRECTORY", scene.Folder);

        var push = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.0.0");
        var forbidden = await scene.AsCi().EcrAsync("check", $"{PushScene.Host}/hello-api:1.0.0");

        push.Error.ShouldContain("##vso[task.setvariable variable=image-digest;isOutput=true]sha256:");
        push.Error.ShouldContain($"##vso[task.uploadsummary]{scene.Folder}");
        forbidden.Error.ShouldContain("##vso[task.logissue type=error;code=ECR2001]");
    }
}
