using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class CompletionTests
{
    private const string Bash = """
        _others() { COMPREPLY=(others "$1"); }
        complete -F _others dotnet
        # Twice, as in a shell that starts another.
        source <(dotnet-ecr completion bash)
        source <(dotnet-ecr completion bash)
        COMP_LINE=$LINE_TO_COMPLETE; COMP_POINT=${#COMP_LINE}
        command=${COMP_LINE%% *}
        [[ $(complete -p $command) =~ \ -F\ ([^ ]+) ]] && "${BASH_REMATCH[1]}" "$command"; printf '%s\n' "${COMPREPLY[@]}"
        """;

    private const string Zsh = """
        typeset -A _comps
        compdef() { for name in ${@:2}; do _comps[$name]=$1; done }
        compadd() { print -l $completions }; _others() { print others }
        compdef _others dotnet
        source <(dotnet-ecr completion zsh)
        source <(dotnet-ecr completion zsh)
        BUFFER=$LINE_TO_COMPLETE; CURSOR=${#BUFFER}
        ${_comps[${BUFFER%% *}]}
        """;

    private const string Fish = """
        complete -c dotnet -a others
        dotnet-ecr completion fish | source
        complete -C $LINE_TO_COMPLETE
        """;

    public static TheoryData<string, string, string, string> Lines()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (shell, script) in new[] { ("bash", Bash), ("zsh", Zsh), ("fish", Fish) })
        {
            data.Add(shell, script, "dotnet-ecr ch", "check");
            data.Add(shell, script, "dotnet ecr ch", "check");
            data.Add(shell, script, "dotnet   ecr policy sh", "show");
            data.Add(shell, script, "dotnet o", "others");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_shell_completes_both_names_with_its_script_and_leaves_dotnet_the_rest(
        string shell,
        string script,
        string line,
        string completion
    )
    {
        _ = RealPart.Find(shell);

        var completed = await RunAsync(shell, ["-c", script], line);

        completed
            .Output.Split('\n')
            .Select(found => found.Split('\t')[0])
            .ShouldContain(completion, completed.ToString());
    }

    [Fact]
    public async Task PowerShell_completes_commands_options_and_their_values_with_its_script()
    {
        const string Script = """
            dotnet-ecr completion pwsh | Out-String | Invoke-Expression
            foreach ($line in 'dotnet-ecr ch', 'dotnet-ecr policy s', 'dotnet ecr policy s', 'dotnet  ecr push image --mo', 'dotnet-ecr push image --mo', 'dotnet-ecr push image --mode ') {
                $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
                "$($found.CompletionMatches.CompletionText)"
            }
            """;

        var completed = await RunAsync("dotnet", ["tool", "run", "pwsh", "--", "-NoProfile", "-Command", Script]);
        _ = (completed.ToString().Contains("dotnet tool restore") ? null : completed).OrSkip("PowerShell");

        completed
            .Output.Split('\n')
            .ShouldBe(["check", "show", "show", "--mode", "--mode", "auto engine registry"], completed.ToString());
    }

    /// <summary>Runs a shell that finds the tool as <c>dotnet-ecr</c>.</summary>
    private static async Task<CliResult> RunAsync(string shell, IReadOnlyList<string> arguments, string line = "")
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
                    ["LINE_TO_COMPLETE"] = line,
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
