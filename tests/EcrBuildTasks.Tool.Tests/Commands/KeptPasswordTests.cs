using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>Logins that follow each other: what is asked again, and what is not.</summary>
public sealed class KeptPasswordTests
{
    private static readonly string[] PrintPassword = ["login", PushScene.Host, "--print-password"];

    [Fact]
    public async Task A_second_login_asks_nobody()
    {
        await using var scene = await PushScene.StartAsync();
        var first = await scene.EcrAsync(PrintPassword);
        await scene.Emulator.DisposeAsync();

        var second = await scene.EcrAsync([.. PrintPassword, "--verbose"]);

        (second.ExitCode, second.Output).ShouldBe((0, first.Output), second.ToString());
        second.Error.ShouldEndWith(" environment variables.");
        scene.Emulator.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_credential_helper_gives_what_a_login_has_kept_until_it_is_told_to_erase_it()
    {
        await using var scene = await PushScene.StartAsync();
        var printed = await scene.EcrAsync(PrintPassword);

        (await SecretAsync()).ShouldBe(printed.Output);
        scene.Emulator.Calls.Count.ShouldBe(1);

        var erased = await scene.EcrWithInputAsync(PushScene.Host, "login", "--credential-helper", "erase");
        (erased.ExitCode, erased.Output, erased.Error).ShouldBe((0, "", ""));
        (await SecretAsync()).ShouldNotBe(printed.Output);
        scene.Emulator.Calls.Count.ShouldBe(2);

        async Task<string?> SecretAsync()
        {
            var result = await scene.EcrWithInputAsync(PushScene.Host, "login", "--credential-helper", "get");
            using var json = JsonDocument.Parse(result.Output);
            return json.RootElement.GetProperty("Secret").GetString();
        }
    }

    [Fact]
    public async Task Somebody_else_and_another_registry_get_passwords_of_their_own()
    {
        await using var scene = await PushScene.StartAsync();

        string[] passwords =
        [
            (await scene.AsOwner().EcrAsync(PrintPassword)).Output,
            (await scene.AsCi().EcrAsync(PrintPassword)).Output,
            (await scene.AsOwner().EcrAsync("login", "--print-password")).Output,
            (
                await scene.EcrAsync(
                    "login",
                    PushScene.Host.Replace(PushScene.Region, "us-east-1", StringComparison.Ordinal),
                    "--print-password"
                )
            ).Output,
        ];

        passwords.ShouldBeUnique();
        scene.Emulator.Calls.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("--no-cache", null)]
    [InlineData(null, "true")]
    public async Task Who_wants_nothing_kept_gets_a_new_password_and_no_file(string? option, string? variable)
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_ECR_DISABLE_CACHE", variable);
        string[] login = [.. PrintPassword, .. option is null ? Array.Empty<string>() : [option]];

        var first = await scene.EcrAsync(login);
        var second = await scene.EcrAsync(login);

        (first.ExitCode, second.ExitCode).ShouldBe((0, 0));
        scene.Emulator.Calls.Count.ShouldBe(2);
        Directory.Exists(Path.Combine(scene.Folder, ".cache")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_kept_password_that_docker_is_refused_with_is_replaced()
    {
        await using var scene = await PushScene.StartAsync();
        var kept = (await scene.EcrAsync("login", "--print-password")).Output;
        scene.WithProgram("docker", $"#!/bin/sh\nread -r password\n[ \"$password\" != '{kept}' ]\n");

        var result = await scene.EcrAsync("login");

        result.ExitCode.ShouldBe(0, result.ToString());
        (await scene.EcrAsync("login", "--print-password")).Output.ShouldNotBe(kept);
        scene.Emulator.Calls.Count(call => call.Action == "GetAuthorizationToken").ShouldBe(2);
    }

    [Fact]
    public async Task Processes_that_log_in_at_once_leave_one_whole_file()
    {
        await using var scene = await PushScene.StartAsync();
        string[] regions = ["eu-west-1", "eu-west-2", "eu-west-3", "us-east-1"];

        var results = await Task.WhenAll(regions.Select(LoginAsync));

        results.ShouldAllBe(result => result.ExitCode == 0);
        var file = Directory.GetFiles(Path.Combine(scene.Folder, ".cache", "dotnet-ecr")).ShouldHaveSingleItem();
        using var kept = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        kept.RootElement.EnumerateObject().ShouldNotBeEmpty();

        Task<CliResult> LoginAsync(string region) =>
            scene.EcrAsync(
                "login",
                PushScene.Host.Replace(PushScene.Region, region, StringComparison.Ordinal),
                "--print-password"
            );
    }
}
