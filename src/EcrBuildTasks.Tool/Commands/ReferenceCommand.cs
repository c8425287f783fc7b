using System.CommandLine;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr reference</c>: prints what <c>docs/cli.md</c> holds.</summary>
internal static class ReferenceCommand
{
    public static Command Create(RootCommand root) =>
        new Command("reference", "Print the reference of all commands in Markdown.") { Hidden = true }.Does(
            (invocation, _) =>
            {
                invocation.Output.WriteDocument(ReferencePage.Write(root).TrimEnd('\n'));
                return Task.FromResult(ExitCode.Done);
            }
        );
}
