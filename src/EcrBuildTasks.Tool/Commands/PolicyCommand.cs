using System.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy</c>: what policies say.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Evaluate policies.") { PolicyEvaluateCommand.Create() };
}
