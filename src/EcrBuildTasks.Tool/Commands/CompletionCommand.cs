using System.CommandLine;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr completion</c>: the script that has a shell complete the tool's commands.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _dotnet_ecr() {
            local IFS=$'\n'
            COMPREPLY=($(dotnet-ecr "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _dotnet_ecr dotnet-ecr
        """;

    private const string Zsh = """
        _dotnet_ecr() {
            local -a completions
            completions=("${(@f)$(dotnet-ecr "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a completions
        }
        compdef _dotnet_ecr dotnet-ecr
        """;

    private const string Fish = """
        complete -f -c dotnet-ecr -a '(dotnet-ecr "[suggest:"(commandline -cp | string length)"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName dotnet-ecr -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            dotnet-ecr "[suggest:$cursorPosition]" "$commandAst" 2>$null |
                Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell: bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return new Command("completion", "Print a script that enables shell completion of commands and options.")
        {
            shell,
        }
            .Does(
                (invocation, _) =>
                {
                    invocation.Output.WriteDocument(Scripts[invocation.Get(shell)!]);
                    return Task.FromResult(ExitCode.Done);
                }
            )
            .WithExamples(
                "source <(dotnet ecr completion bash)",
                "dotnet ecr completion pwsh | Out-String | Invoke-Expression"
            );
    }
}
