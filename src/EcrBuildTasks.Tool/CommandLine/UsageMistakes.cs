using System.CommandLine;
using System.CommandLine.Parsing;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Describes the mistakes in a command line.</summary>
internal static class UsageMistakes
{
    /// <returns>A sentence for each mistake; empty for a valid command line.</returns>
    public static IReadOnlyList<string> Find(ParseResult parsed)
    {
        string[] options = [.. UnknownOptions(parsed).Distinct(StringComparer.Ordinal)];
        if (options.Length > 0)
        {
            return [.. options.Select(option => UnknownOption(option, parsed.CommandResult))];
        }

        string[] valueless = [.. WithoutValue(parsed)];
        if (valueless.Length > 0)
        {
            return valueless;
        }

        // Tokens after an unknown one cannot be checked.
        return parsed.UnmatchedTokens is [var first, ..] ? [Unmatched(first, parsed.CommandResult)]
            : parsed.CommandResult.Command.Subcommands.Count > 0 ? []
            : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>The library treats an unknown option as an argument if the command accepts one more.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type is TokenType.DoubleDash)
            ? []
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .Concat(parsed.UnmatchedTokens)
                .Where(word => word.Length > 1 && word[0] == '-');

    /// <summary>The library treats the token after an option as its value, even if that is another option.</summary>
    private static IEnumerable<string> WithoutValue(ParseResult parsed)
    {
        var names = Ancestors(parsed.CommandResult)
            .SelectMany(command => command.Options)
            .SelectMany(option => option.Aliases.Prepend(option.Name))
            .ToHashSet(StringComparer.Ordinal);
        return parsed
            .Tokens.Zip(parsed.Tokens.Skip(1))
            .Where(pair =>
                pair.First.Type is TokenType.Option
                && pair.Second.Type is TokenType.Argument
                && names.Contains(pair.Second.Value)
            )
            .Select(pair => $"{pair.First.Value} requires a value, but {pair.Second.Value} is an option.");
    }

    private static string UnknownOption(string word, CommandResult result)
    {
        var name = word.Split('=', ':')[0];
        var options = Ancestors(result).SelectMany(command => command.Options).Where(option => !option.Hidden);
        return $"{Spelled(result)} does not have an option {name}."
            + Suggestion(name, options.Select(option => option.Name));
    }

    private static string Unmatched(string word, CommandResult result)
    {
        var commands = result.Command.Subcommands.Where(command => !command.Hidden).ToList();
        return commands.Count == 0
            ? $"{Spelled(result)} does not accept the extra argument '{word}'."
            : $"{Spelled(result)} does not have a command '{word}'."
                + Suggestion(word, commands.Select(command => command.Name));
    }

    private static string Suggestion(string word, IEnumerable<string> candidates) =>
        // In a short word, few letters may differ.
        NearNames.Find(word, candidates, farthest: Math.Min(3, (word.Length + 1) / 2))
            is [var nearest, ..]
            ? $" Did you mean {nearest}?"
            : "";

    private static IEnumerable<Command> Ancestors(CommandResult result) =>
        result.Parent is CommandResult parent ? [result.Command, .. Ancestors(parent)] : [result.Command];

    private static string Spelled(CommandResult result) => $"`{result.Spelled()}`";
}
