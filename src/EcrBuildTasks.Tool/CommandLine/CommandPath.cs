using System.CommandLine.Parsing;

namespace EcrBuildTasks.Tool.CommandLine;

internal static class CommandPath
{
    /// <summary>The names that lead to the command, without the root's.</summary>
    public static IEnumerable<string> Path(this CommandResult result) =>
        result.Parent is CommandResult parent ? [.. parent.Path(), result.Command.Name] : [];

    /// <summary>The command as typed by the user.</summary>
    public static string Spelled(this CommandResult result) => string.Join(' ', result.Path().Prepend("dotnet ecr"));
}
