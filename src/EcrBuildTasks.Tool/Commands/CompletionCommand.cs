using System.CommandLine;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr completion</c>: the script that has a shell complete the tool's commands.</summary>
internal static class CompletionCommand
{
    // The tool completes lines that start with its own name. It is run as it was typed: a local tool is only found by dotnet.
    // Other commands of dotnet keep the completion that they had.

    private const string Bash = """
        _dotnet_ecr() {
            local line=$COMP_LINE point=$COMP_POINT IFS=$'\n'
            local -a tool=(dotnet-ecr)
            if [[ $line =~ ^[[:space:]]*dotnet[[:space:]]+ecr[[:space:]] ]]; then
                tool=(dotnet ecr)
                line="dotnet-ecr ${line:${#BASH_REMATCH}}"
                point=$((point - ${#COMP_LINE} + ${#line}))
            elif [[ ${1##*/} == dotnet ]]; then
                [[ -n $_dotnet_ecr_others ]] && "$_dotnet_ecr_others" "$@"
                return
            fi
            COMPREPLY=($("${tool[@]}" "[suggest:$point]" "$line" 2>/dev/null))
        }
        if [[ -z $_dotnet_ecr_others && $(complete -p dotnet 2>/dev/null) =~ \ -F\ ([^ ]+) ]]; then
            _dotnet_ecr_others=${BASH_REMATCH[1]}
        fi
        complete -o default -F _dotnet_ecr dotnet-ecr dotnet
        """;

    private const string Zsh = """
        _dotnet_ecr() {
            local line=$BUFFER point=$CURSOR
            local -a completions tool=(dotnet-ecr)
            if [[ $line =~ '^[[:space:]]*dotnet[[:space:]]+ecr[[:space:]]' ]]; then
                tool=(dotnet ecr)
                line="dotnet-ecr ${line:${#MATCH}}"
                point=$((point - ${#BUFFER} + ${#line}))
            elif [[ $line =~ '^[[:space:]]*dotnet[[:space:]]' ]]; then
                ${_dotnet_ecr_others:-_default} "$@"
                return
            fi
            completions=("${(@f)$($tool "[suggest:$point]" "$line" 2>/dev/null)}")
            compadd -a completions
        }
        if [[ ${_comps[dotnet]} != _dotnet_ecr ]]; then
            _dotnet_ecr_others=${_comps[dotnet]}
        fi
        compdef _dotnet_ecr dotnet-ecr dotnet
        """;

    private const string Fish = """
        function _dotnet_ecr
            set -l line (commandline -cp)
            set -l tool dotnet-ecr
            if string match -rq '^\s*dotnet\s' -- $line
                set tool dotnet ecr
                set line (string replace -r '^\s*dotnet\s+ecr' dotnet-ecr -- $line)
            end
            $tool "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -f -c dotnet-ecr -a '(_dotnet_ecr)'
        complete -f -c dotnet -n 'string match -rq "^\s*dotnet\s+ecr\s" -- (commandline -cp)' -a '(_dotnet_ecr)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName dotnet-ecr, dotnet -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = "$commandAst"
            $found = if ($line -match '^dotnet\s+ecr(?=\s|$)') {
                $start = $Matches[0].Length
                dotnet ecr "[suggest:$($cursorPosition - $start + 10)]" "dotnet-ecr$($line.Substring($start))" 2>$null
            } elseif ($line -match '^dotnet(\s|$)') {
                dotnet complete --position $cursorPosition $line 2>$null
            } else {
                dotnet-ecr "[suggest:$cursorPosition]" $line 2>$null
            }
            $found |
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
