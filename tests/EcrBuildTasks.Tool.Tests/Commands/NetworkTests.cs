using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>A network that is not there, and a region that is not the right one.</summary>
public sealed class NetworkTests
{
    private const string Nowhere = "http://127.0.0.1:1";

    [Theory]
    [InlineData("check", "hello-api")]
    [InlineData("check", $"{PushScene.Host}/hello-api:1", "--push-test-image")]
    [InlineData("push", "LAYOUT", "hello-api:1", "--skip-if-exists")]
    [InlineData("push", "LAYOUT", $"{PushScene.Host}/hello-api:1", "--no-preflight")]
    [InlineData("login", "--print-password")]
    [InlineData("policy", "fix", $"{PushScene.Host}/hello-api")]
    [InlineData("repository", "list")]
    public async Task Without_a_network_one_error_names_what_cannot_be_reached(params string[] arguments)
    {
        await using var scene = await PushScene.StartAsync();
        var layout = scene.WriteLayout();

        var result = await RunAsync(
            scene,
            [.. arguments.Select(argument => argument == "LAYOUT" ? layout : argument), "--endpoint-url", Nowhere]
        );

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith($"error ECR4006: {Nowhere}/ ");
        result.Error.Split('\n').Length.ShouldBe(2, result.ToString());
    }

    [Fact]
    public async Task The_doctor_runs_its_other_checks_without_a_network()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await RunAsync(scene, "doctor", "--endpoint-url", Nowhere);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldMatch(@"ECR API +problem +127\.0\.0\.1:1 ");
        result.Output.ShouldMatch("Engine +(ok|warning) ");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_region_that_AWS_does_not_have_is_named_with_its_endpoint()
    {
        await using var scene = await PushScene.StartAsync();
        // As without a network, but at once: no name is looked up.
        scene.With("HTTPS_PROXY", Nowhere).With("https_proxy", Nowhere);

        var result = await RunAsync(scene, "login", "--print-password", "--region", "eu-west-99");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith("error ECR4006: https://api.ecr.eu-west-99.amazonaws.com/ ");
        result.Error.ShouldContain("region");
    }

    [Fact]
    public async Task A_repository_of_another_region_is_missing_and_the_region_is_named()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync("policy", "show", "hello-api", "--region", "us-east-1");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith("error ECR3001: ");
        result.Error.ShouldContain("us-east-1");
    }

    [Fact]
    public async Task A_region_of_the_environment_that_is_not_a_name_is_an_error()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.With("AWS_REGION", "eu west").EcrAsync("check", "hello-api");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith("error ECR1013: ");
        result.Error.ShouldContain("'eu west'");
    }

    private static Task<CliResult> RunAsync(PushScene scene, params string[] arguments) =>
        scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, .. arguments]);
}
