using System.CommandLine;
using System.CommandLine.Parsing;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>What is wrong with a command line, in sentences.</summary>
internal static class UsageMistakes
{
    /// <returns>A sentence for each mistake; none if the command line can be understood.</returns>
    public static IReadOnlyList<string> Of(ParseResult parsed)
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

        // What follows a word that is not known cannot be judged.
        return parsed.UnmatchedTokens is [var first, ..] ? [Unmatched(first, parsed.CommandResult)]
            : parsed.CommandResult.Command.Subcommands.Count > 0 ? []
            : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>The library takes an option that it does not know for an argument, if there is room for one.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type is TokenType.DoubleDash)
            ? []
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .Concat(parsed.UnmatchedTokens)
                .Where(word => word.Length > 1 && word[0] == '-');

    /// <summary>The library takes what follows an option for its value, even if that is another option.</summary>
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
            .Select(pair => $"{pair.First.Value} needs a value, and {pair.Second.Value} is an option.");
    }

    private static string UnknownOption(string word, CommandResult result)
    {
        var name = word.Split('=', ':')[0];
        var options = Ancestors(result).SelectMany(command => command.Options).Where(option => !option.Hidden);
        return $"{Spelled(result)} has no option {name}." + Suggestion(name, options.Select(option => option.Name));
    }

    private static string Unmatched(string word, CommandResult result)
    {
        var commands = result.Command.Subcommands.Where(command => !command.Hidden).ToList();
        return commands.Count == 0
            ? $"'{word}' is one argument more than {Spelled(result)} takes."
            : $"{Spelled(result)} has no command '{word}'."
                + Suggestion(word, commands.Select(command => command.Name));
    }

    private static string Suggestion(string word, IEnumerable<string> candidates) =>
        // Of a short word, other letters make another word.
        NearNames.Of(word, candidates, farthest: Math.Min(3, (word.Length + 1) / 2))
            is [var nearest, ..]
            ? $" Did you mean {nearest}?"
            : "";

    private static IEnumerable<Command> Ancestors(CommandResult result) =>
        result.Parent is CommandResult parent ? [result.Command, .. Ancestors(parent)] : [result.Command];

    private static string Spelled(CommandResult result) => $"`{result.Spelled()}`";
}
