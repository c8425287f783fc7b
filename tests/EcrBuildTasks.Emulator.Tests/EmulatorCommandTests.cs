using System.Diagnostics;
using System.Net;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.Emulator.Tool;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class EmulatorCommandTests : IDisposable
{
    private readonly Home home = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--version")]
    public async Task Help_and_version_are_results(string option)
    {
        var result = await RunAsync(option);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldNotBeEmpty();
        result.Error.ShouldBeEmpty();
        foreach (var name in new[] { "--config", "--address", "--port", "--public-port", "--state" })
        {
            result.Output.Contains(name).ShouldBe(option != "--version", name);
        }
    }

    [Theory]
    [InlineData("'--prot'", "--prot", "1")]
    [InlineData("'--port'", "--port")]
    [InlineData("'65536'", "--port", "65536")]
    [InlineData("'-1'", "--public-port", "-1")]
    [InlineData("'here'", "--address", "here")]
    public async Task A_command_line_that_is_not_understood_is_explained(string says, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(EmulatorCommand.UsageError, result.ToString());
        result.Error.ShouldContain(says);
        result.Error.ShouldContain("ecr-emulator --help");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        var missing = home.PathOf("missing.json");

        var result = await RunAsync("--config", missing);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain(missing);
    }

    [Fact]
    public void The_options_take_precedence_over_the_file()
    {
        var config = home.PathOf("emulator.json");
        File.WriteAllText(config, """{ "port": 5555, "publicPort": 5556, "stateDirectory": "kept" }""");

        var file = Read("--config", config);
        var given = Read([
            .. new[]
            {
                "--config",
                config,
                "--address",
                "0.0.0.0",
                "--port",
                "1",
                "--public-port",
                "2",
                "--state",
                "s",
            },
        ]);

        (file.Address, file.Port, file.PublicPort, file.StateDirectory).ShouldBe(
            (IPAddress.Loopback, 5555, 5556, "kept")
        );
        (given.Address, given.Port, given.PublicPort, given.StateDirectory).ShouldBe((IPAddress.Any, 1, 2, "s"));
    }

    [Fact]
    public async Task Without_a_file_it_prints_the_environment_that_its_user_needs_and_stops_when_asked()
    {
        var start = new ProcessStartInfo("dotnet", [SourceTree.Emulator])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var program = Process.Start(start)!;
        try
        {
            var printed = await ReadUntilAsync(program.StandardOutput, line => line.Contains("AWS_PROFILE"));

            var endpoint = printed
                .Split(' ', '\n', '\'')
                .First(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal))
                .TrimEnd(',');
            foreach (var value in new[] { endpoint, ExampleAccount.Key.Id, ExampleAccount.Key.Secret })
            {
                printed.Split(' ', '\n', '=', '\'').ShouldContain(value);
            }

            using var http = new HttpClient();
            (await http.GetStringAsync(new Uri(new Uri(endpoint), "health"), Cancellation)).ShouldBe("Healthy");
            if (!OperatingSystem.IsWindows())
            {
                await Cli.RunAsync("kill", ["-TERM", $"{program.Id}"], cancellationToken: Cancellation);
                await program.WaitForExitAsync(Cancellation);
                program.ExitCode.ShouldBe(0);
            }
        }
        finally
        {
            program.Kill();
        }
    }

    [Theory]
    [InlineData("plain-1.0/:,_")]
    [InlineData("a b;$(id)*'\"")]
    public async Task A_shell_that_runs_the_printed_lines_has_the_environment(string value)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A POSIX shell");
        var lines = EmulatorCommand.ShellLines(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["KEPT"] = value, ["GONE"] = null },
            isPowerShell: false
        );

        var result = await Cli.RunAsync(
            "sh",
            ["-c", string.Join('\n', lines) + "\nprintenv KEPT; printenv GONE || echo gone"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["GONE"] = "here" },
            cancellationToken: Cancellation
        );

        result.Output.ShouldBe($"{value}\ngone");
    }

    [Fact]
    public void PowerShell_has_its_own_lines() =>
        EmulatorCommand
            .ShellLines(
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["KEPT"] = "it's", ["GONE"] = null },
                isPowerShell: true
            )
            .ShouldBe(["$env:KEPT = 'it''s'", "$env:GONE = $null"]);

    private static EmulatorOptions Read(params string[] arguments)
    {
        var command = new EmulatorCommand();
        return command.ReadOptions(command.Parse(arguments));
    }

    private static Task<CliResult> RunAsync(params string[] arguments) =>
        Cli.RunAsync("dotnet", [SourceTree.Emulator, .. arguments], cancellationToken: Cancellation);

    private static async Task<string> ReadUntilAsync(TextReader reader, Func<string, bool> isLast)
    {
        var lines = new List<string>();
        while (lines.Count == 0 || !isLast(lines[^1]))
        {
            lines.Add((await reader.ReadLineAsync(Cancellation)).ShouldNotBeNull());
        }

        return string.Join('\n', lines);
    }
}
