using System.CommandLine;
using System.CommandLine.Completions;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>An option that accepts one of a few words.</summary>
internal static class Choice
{
    /// <summary>The words are the names of an enumeration, in lower case.</summary>
    public static Option<T> Create<T>(string name, string description)
        where T : struct, Enum => Create(name, description, WordsOf<T>());

    /// <summary>The names of an enumeration, in lower case.</summary>
    public static Dictionary<string, T> WordsOf<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => $"{value}".ToLowerInvariant(), StringComparer.Ordinal);

    /// <param name="values">The words, and what each means.</param>
    public static Option<T> Create<T>(string name, string description, IReadOnlyDictionary<string, T> values)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', values.Keys),
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (values.TryGetValue(text.ToLowerInvariant(), out var value))
                {
                    return value;
                }

                argument.AddError(
                    $"{name}: '{text}' is not a valid value. Use one of: {string.Join(", ", values.Keys)}."
                );
                return default;
            },
        };
        // The default completions of the type would be the names in the code.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => values.Keys.Select(key => new CompletionItem(key)));
        return option;
    }
}
