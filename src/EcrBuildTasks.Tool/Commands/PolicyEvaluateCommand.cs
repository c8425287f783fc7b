using System.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy evaluate</c>: authorization cases in, answers out, one a line.</summary>
internal static class PolicyEvaluateCommand
{
    public static Command Create()
    {
        var command = new Command("evaluate", "Decide authorization cases, one JSON object a line.");
        command.SetAction((_, _) => Task.FromResult(0));
        return command;
    }
}
