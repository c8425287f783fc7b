using System.CommandLine;
using System.CommandLine.Help;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>The root: <c>dotnet ecr</c>.</summary>
internal static class EcrCommand
{
    /// <summary>Parses a command line. An argument <c>@file</c> is itself: a name from elsewhere must not bring options.</summary>
    public static ParseResult Parse(IReadOnlyList<string> arguments) =>
        Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Check whether a push to Amazon ECR is allowed, explain why not, and print the statement that fixes it."
        )
        {
            // One line a command, one file each.
            CheckCommand.Create(),
            PushCommand.Create(),
            LoginCommand.Create(),
            PolicyCommand.Create(),
            RepositoryCommand.Create(),
            DiagnoseCommand.Create(),
            DoctorCommand.Create(),
            SelfTestCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Subcommands.Add(ReferenceCommand.Create(root));
        foreach (var option in GlobalOptions.All)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
            // Of MS-DOS: elsewhere they look like paths.
            help.Aliases.Remove("/?");
            help.Aliases.Remove("/h");
        }

        return root;
    }
}
