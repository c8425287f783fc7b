using EcrBuildTasks.Emulator.Tool;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>The product's own commands, read by the command lines that they have.</summary>
internal static class ProductCommands
{
    /// <returns>What the tool would say of its arguments before it does anything; none if it would begin.</returns>
    public static IReadOnlyList<string> MistakesOfTool(string[] arguments)
    {
        // Those who read a page sit at a terminal and can be asked.
        var asks = arguments.Contains("--apply") || arguments is ["policy", "restore", ..] or ["selftest", ..];
        var parsed = EcrCommand.Create().Parse(asks ? [.. arguments, "--yes"] : [.. arguments]);
        var mistakes = UsageMistakes.Find(parsed);
        return mistakes.Count > 0 ? mistakes : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>Whether a command and its options exist, where prose names them without what they need besides.</summary>
    public static IReadOnlyList<string> UnknownNames(IReadOnlyList<string> arguments)
    {
        System.CommandLine.Command command = EcrCommand.Create();
        var options = command.Options.ToList();
        var unknown = new List<string>();
        foreach (var word in arguments)
        {
            if (word.StartsWith('-'))
            {
                if (!options.Exists(option => option.Name == word || option.Aliases.Contains(word)))
                {
                    unknown.Add($"{command.Name} has no option {word}");
                }
            }
            else if (command.Subcommands.Count > 0)
            {
                if (command.Subcommands.SingleOrDefault(each => each.Name == word) is not { } subcommand)
                {
                    return [.. unknown, $"{command.Name} has no command {word}"];
                }

                command = subcommand;
                options.AddRange(command.Options);
            }
        }

        return unknown;
    }

    public static IReadOnlyList<string> MistakesOfEmulator(IReadOnlyList<string> arguments) =>
        [.. new EmulatorCommand().Parse(arguments).Errors.Select(error => error.Message)];
}
