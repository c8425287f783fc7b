using System.Text.Json;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>As whom AWS was asked, and where the credentials came from: every command that asks as somebody says it.</summary>
public sealed class CallerReportTests
{
    private const string Source = "environment variables";
    private const string Image = $"{PushScene.Host}/hello-api:1.0.0";
    private const string Owner = $"arn:aws:iam::{PushScene.OwnerAccount}:user/owner";
    private const string Ci = $"arn:aws:sts::{PushScene.CiAccount}:assumed-role/ci/run-7";

    [Theory]
    [InlineData("check", Image)]
    [InlineData("push", "LAYOUT", Image)]
    [InlineData("login")]
    [InlineData("doctor")]
    public async Task In_words(params string[] command)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.WithProgram("docker", "#!/bin/sh\ncat > /dev/null\n").EcrAsync(In(scene, command));

        result.ExitCode.ShouldBe(0, result.ToString());
        $"{result.Output}\n{result.Error}".ShouldMatch($"{Owner}.*{Source}");
    }

    [Theory]
    [InlineData("check", Image)]
    [InlineData("push", "LAYOUT", Image)]
    [InlineData("login")]
    public async Task For_programs(params string[] command)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene
            .WithProgram("docker", "#!/bin/sh\ncat > /dev/null\n")
            .EcrAsync([.. In(scene, command), "--output", "json"]);

        using var json = JsonDocument.Parse(result.Output);
        var caller = json.RootElement.GetProperty("caller");
        caller.GetProperty("arn").GetString().ShouldBe(Owner);
        caller.GetProperty("account").GetString().ShouldBe(PushScene.OwnerAccount);
        caller.GetProperty("credentialsSource").GetString().ShouldBe(Source);
    }

    [Theory]
    [InlineData("ECR2001", "check", Image)]
    [InlineData("ECR2001", "push", "LAYOUT", Image)]
    [InlineData("ECR2001", "push", "LAYOUT", Image, "--no-preflight")]
    public async Task With_an_error(string code, params string[] command)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.AsCi().EcrAsync(In(scene, command));

        result.Error.ShouldContain($"error {code}: ");
        result.Error.ShouldMatch($"{Ci}.*{Source}");
    }

    [Theory]
    [InlineData("ECR2001", "policy", "show", $"{PushScene.Host}/hello-api")]
    [InlineData("ECR2001", "repository", "create", $"{PushScene.Host}/new")]
    public async Task With_an_error_of_a_command_that_asks_nobody_who_it_is_but_tells_what_AWS_says(
        string code,
        params string[] command
    )
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.AsCi().EcrAsync(command);

        result.Error.ShouldContain($"error {code}: {Ci} ");
        result.Error.ShouldContain($" {Source}.\n");
    }

    [Fact]
    public async Task A_password_that_is_printed_costs_no_call_for_its_owner_and_tells_the_source()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync("login", "--print-password", "--output", "json");

        using var json = JsonDocument.Parse(result.Output);
        var caller = json.RootElement.GetProperty("caller");
        caller.GetProperty("arn").ValueKind.ShouldBe(JsonValueKind.Null);
        caller.GetProperty("credentialsSource").GetString().ShouldBe(Source);
        scene.Emulator.Calls.Select(call => call.Action).ShouldBe(["GetAuthorizationToken"]);
    }

    private static string[] In(PushScene scene, string[] command) =>
        [.. command.Select(word => word == "LAYOUT" ? scene.WriteLayout() : word)];
}
