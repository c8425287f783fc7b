using System.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>The root: <c>dotnet ecr</c>.</summary>
internal static class EcrCommand
{
    public static RootCommand Create() =>
        new("Whether a push to Amazon ECR is allowed, why not, and the statement that mends it.")
        {
            // One line a command, one file each.
            DiagnoseCommand.Create(),
            PolicyCommand.Create(),
        };
}
