using System.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy</c>: what policies say, and how to change them.</summary>
internal static class PolicyCommand
{
    public static Command Create() =>
        new("policy", "Read, check, change and evaluate policies.")
        {
            PolicyShowCommand.Create(),
            PolicyExplainCommand.Create(),
            PolicyLintCommand.Create(),
            PolicyFixCommand.Create(),
            PolicyRestoreCommand.Create(),
            PolicyEvaluateCommand.Create(),
        };
}
