using System.CommandLine;
using System.Text;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>All commands with their arguments, options and examples in Markdown: <c>docs/cli.md</c>.</summary>
internal static class ReferencePage
{
    private const string Beginning = """
        # dotnet ecr

        Generated from the commands: `dotnet ecr reference > docs/cli.md`.

        Results go to standard output, everything else to standard error. TeamCity reads service messages only on
        standard output, so there they are mixed with the result, except if the result is for programs: JSON, a password, a statement.

        | exit code | meaning |
        |---|---|
        | 0 | success, or allowed |
        | 1 | error |
        | 2 | denied by a policy |
        | 3 | undecided |
        | 64 | invalid command line |
        | 130 | cancelled with Ctrl+C |

        """;

    public static string Write(RootCommand root)
    {
        var page = new StringBuilder(Beginning.ReplaceLineEndings("\n"));
        page.Append("\n## Options of every command\n\n");
        Append(page, GlobalOptions.All);
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Append(page, command, "dotnet ecr");
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, Command command, string parent)
    {
        var path = $"{parent} {command.Name}";
        page.Append($"\n## {path}\n\n{command.Description}\n");
        if (command.Subcommands.Count == 0)
        {
            var arguments = string.Concat(command.Arguments.Select(Usage));
            page.Append($"\n```text\n{path}{arguments} [options]\n```\n\n");
            foreach (var argument in command.Arguments)
            {
                page.Append($"- `{argument.Name}`: {argument.Description}\n");
            }

            Append(page, command.Options);
        }

        if (CommandAction.Examples.TryGetValue(command, out var examples))
        {
            page.Append($"\n```shell\n{string.Join('\n', examples)}\n```\n");
        }

        foreach (var subcommand in command.Subcommands.Where(subcommand => !subcommand.Hidden))
        {
            Append(page, subcommand, path);
        }
    }

    private static void Append(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => !option.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name));
            var value = option.HelpName is { } name ? $" {name}" : "";
            page.Append($"- `{names}{value}`: {option.Description}\n");
        }
    }

    private static string Usage(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $" [{name}]" : $" {name}";
    }
}
