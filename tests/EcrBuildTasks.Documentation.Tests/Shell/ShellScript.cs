using System.Text;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>
/// Takes the scripts of the pages apart: quotes, variables that they set, substitutions, pipes, redirections and comments. What
/// bash understands besides, they do not need.
/// </summary>
internal sealed partial class ShellScript
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<ShellCommand> _commands = [];

    private ShellScript() { }

    /// <summary>The commands of a script, those of substitutions included.</summary>
    public static IReadOnlyList<ShellCommand> Read(string script)
    {
        var reader = new ShellScript();
        reader.Run(script);
        return reader._commands;
    }

    private void Run(string script)
    {
        var (position, words) = (0, new List<string>());
        while (position < script.Length)
        {
            var letter = script[position];
            if (letter is '\n' or ';' or '|' or '&' or '(' or ')')
            {
                // `&>` and `>&` are redirections, which Word has taken already.
                End(words);
                position++;
            }
            else if (letter == '\\' && position + 1 < script.Length && script[position + 1] == '\n')
            {
                position += 2;
            }
            else if (char.IsWhiteSpace(letter))
            {
                position++;
            }
            else if (letter == '#')
            {
                position = EndOfLine(script, position);
            }
            else if (
                Redirection().Match(script, position) is { Success: true } redirection
                && redirection.Index == position
            )
            {
                position += redirection.Length;
                if (redirection.Groups["process"].Success)
                {
                    words.Add("/dev/fd/63");
                    var end = Closing(script, position - 1);
                    Run(script[position..end]);
                    position = end + 1;
                }
                else if (!redirection.Groups["duplicate"].Success)
                {
                    _ = Word(script, ref position);
                }
            }
            else
            {
                words.Add(Word(script, ref position));
            }
        }

        End(words);
    }

    private void End(List<string> words)
    {
        var assigned = words.TakeWhile(word => Assignment().IsMatch(word)).ToList();
        var command = words.Skip(assigned.Count).ToList();
        words.Clear();
        foreach (
            var word in command is ["export", ..] ? command.Skip(1)
            : command.Count == 0 ? assigned
            : []
        )
        {
            var (name, value) = (word.Split('=', 2)[0], word.Split('=', 2) is [_, var text] ? text : "");
            _variables[name] = value;
        }

        if (command.Count > 0)
        {
            _commands.Add(new([.. command]));
        }
    }

    private string Word(string script, ref int position)
    {
        var word = new StringBuilder();
        while (position < script.Length && script[position] is var letter)
        {
            if (char.IsWhiteSpace(letter) || letter is ';' or '|' or '&' or '(' or ')' or '<' or '>')
            {
                break;
            }

            switch (letter)
            {
                case '\'':
                    var close = script.IndexOf('\'', position + 1);
                    close.ShouldBeGreaterThan(position, $"A quote is not closed: {script}");
                    word.Append(script, position + 1, close - position - 1);
                    position = close + 1;
                    break;
                case '"':
                    position++;
                    while (script[position] != '"')
                    {
                        Expand(script, ref position, word);
                        position.ShouldBeLessThan(script.Length, $"A quote is not closed: {script}");
                    }

                    position++;
                    break;
                default:
                    Expand(script, ref position, word);
                    break;
            }
        }

        return word.ToString();
    }

    /// <summary>One character, or what a variable or a substitution stands for.</summary>
    private void Expand(string script, ref int position, StringBuilder word)
    {
        if (script[position] == '\\' && position + 1 < script.Length)
        {
            word.Append(script[position + 1] == '\n' ? "" : script[position + 1]);
            position += 2;
        }
        else if (script.AsSpan(position).StartsWith("$("))
        {
            var end = Closing(script, position + 1);
            Run(script[(position + 2)..end]);
            word.Append("substituted");
            position = end + 1;
        }
        else if (Variable().Match(script, position) is { Success: true } variable && variable.Index == position)
        {
            word.Append(_variables.GetValueOrDefault(variable.Groups["name"].Value, "value"));
            position += variable.Length;
        }
        else
        {
            word.Append(script[position++]);
        }
    }

    /// <summary>Where the parenthesis at a position is closed.</summary>
    private static int Closing(string script, int open)
    {
        var depth = 0;
        for (var i = open; i < script.Length; i++)
        {
            depth += script[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"A parenthesis is not closed: {script}");
    }

    private static int EndOfLine(string script, int position) =>
        script.IndexOf('\n', position) is >= 0 and var end ? end : script.Length;

    [GeneratedRegex(
        @"(?<process><\()|[0-9]?(?<duplicate>[<>]&[0-9])|[0-9]?(>>|>|<)\s*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Redirection();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*=", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex(
        @"\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*|[0-9@?]))",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Variable();
}
