using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Commands;

public sealed class ReferenceTests
{
    [Fact]
    public async Task The_page_about_the_commands_is_current()
    {
        var page = await File.ReadAllTextAsync(PathOf("docs/cli.md"), TestContext.Current.CancellationToken);

        var printed = await RunAsync("reference");

        page.TrimEnd().ShouldBe(printed.Output.TrimEnd(), "dotnet ecr reference > docs/cli.md makes it anew.");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("push")]
    [InlineData("completion")]
    public async Task The_help_of_a_command_ends_with_examples(string command)
    {
        var help = await RunAsync(command, "--help");

        help.ExitCode.ShouldBe(0);
        help.Output.ShouldContain($"Examples:\n");
        help.Output.Split("Examples:")[1].ShouldContain("dotnet ecr ");
    }

    [Theory]
    [InlineData(
        "bash",
        """
            source <(dotnet-ecr completion bash)
            COMP_LINE="dotnet-ecr ch"; COMP_POINT=${#COMP_LINE}
            _dotnet_ecr; printf '%s\n' "${COMPREPLY[@]}"
            """
    )]
    [InlineData(
        "zsh",
        """
            compdef() { }; compadd() { print -l $completions }
            source <(dotnet-ecr completion zsh)
            BUFFER="dotnet-ecr ch"; CURSOR=${#BUFFER}
            _dotnet_ecr
            """
    )]
    [InlineData(
        "fish",
        """
            dotnet-ecr completion fish | source
            complete -C "dotnet-ecr ch"
            """
    )]
    public async Task A_shell_completes_commands_with_its_script(string shell, string script)
    {
        _ = Cli.Find(shell).OrSkip($"{shell} is not installed.", reason => Assert.Skip(reason));
        var bin = Directory.CreateTempSubdirectory("ecr-completion-").FullName;
        try
        {
            var tool = Path.Combine(bin, "dotnet-ecr");
            await File.WriteAllTextAsync(
                tool,
                $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "dotnet-ecr.dll")} \"$@\"\n",
                TestContext.Current.CancellationToken
            );
            (
                await Cli.RunAsync("chmod", ["+x", tool], cancellationToken: TestContext.Current.CancellationToken)
            ).EnsureSuccess();

            var completed = await Cli.RunAsync(
                shell,
                ["-c", script],
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["HOME"] = bin,
                },
                cancellationToken: TestContext.Current.CancellationToken
            );

            completed
                .Output.Split('\n')
                .Select(line => line.Split('\t')[0])
                .ShouldContain("check", completed.ToString());
        }
        finally
        {
            Directory.Delete(bin, recursive: true);
        }
    }

    private static Task<CliResult> RunAsync(params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "dotnet-ecr.dll"), .. arguments],
            cancellationToken: TestContext.Current.CancellationToken
        );

    private static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EcrBuildTasks.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, file);
    }
}
