using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class CompletionTests
{
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
        _ = RealPart.Find(shell);

        var completed = await RunAsync(shell, ["-c", script]);

        completed.Output.Split('\n').Select(line => line.Split('\t')[0]).ShouldContain("check", completed.ToString());
    }

    [Fact]
    public async Task PowerShell_completes_commands_options_and_their_values_with_its_script()
    {
        const string Script = """
            dotnet-ecr completion pwsh | Out-String | Invoke-Expression
            foreach ($line in 'dotnet-ecr ch', 'dotnet-ecr policy s', 'dotnet-ecr push image --mo', 'dotnet-ecr push image --mode ') {
                $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
                "$($found.CompletionMatches.CompletionText)"
            }
            """;

        var completed = await RunAsync("dotnet", ["tool", "run", "pwsh", "--", "-NoProfile", "-Command", Script]);
        _ = (completed.ToString().Contains("dotnet tool restore") ? null : completed).OrSkip("PowerShell");

        completed
            .Output.Split('\n')
            .ShouldBe(["check", "show", "--mode", "auto engine registry"], completed.ToString());
    }

    /// <summary>Runs a shell that finds the tool as <c>dotnet-ecr</c>.</summary>
    private static async Task<CliResult> RunAsync(string shell, IReadOnlyList<string> arguments)
    {
        var bin = Directory.CreateTempSubdirectory("ecr-completion-").FullName;
        try
        {
            var tool = Path.Combine(bin, "dotnet-ecr");
            await File.WriteAllTextAsync(
                tool,
                $"#!/bin/sh\nexec dotnet {SourceTree.Tool} \"$@\"\n",
                TestContext.Current.CancellationToken
            );
            (
                await Cli.RunAsync("chmod", ["+x", tool], cancellationToken: TestContext.Current.CancellationToken)
            ).EnsureSuccess();
            return await Cli.RunAsync(
                shell,
                arguments,
                // Of its manifest of tools.
                SourceTree.Root,
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
                    ["POWERSHELL_UPDATECHECK"] = "Off",
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
        }
        finally
        {
            Directory.Delete(bin, recursive: true);
        }
    }
}
