using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Commands;

public sealed partial class WrittenCommandTests
{
    public static TheoryData<string> Commands => [.. Pages().SelectMany(CommandsOf).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_of_the_pages_is_one_of_the_tool(string command)
    {
        var arguments = CommandLineParser.SplitCommandLine(command).Skip(2).ToList();
        if (arguments.Contains("--apply") || arguments.Contains("restore"))
        {
            // They are written for a person at a terminal, whom the command can ask.
            arguments.Add("--yes");
        }

        EcrCommand.Create().Parse([.. arguments]).Errors.ShouldBeEmpty();
    }

    private static IEnumerable<string> Pages() =>
        Directory
            .EnumerateFiles(Path.Combine(SourceTree.Root, "samples"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(SourceTree.Root, "README.md"))
            .Append(Path.Combine(SourceTree.Root, "docs", "pipelines.md"));

    private static IEnumerable<string> CommandsOf(string page) =>
        Block()
            .Matches(File.ReadAllText(page))
            .SelectMany(block => block.Groups["lines"].Value.Split('\n'))
            .Select(line => Command().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Value.Trim());

    [GeneratedRegex(
        @"^```(shell|bash)\n(?<lines>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Block();

    /// <summary>Up to a comment, or to what a shell does with the command's output.</summary>
    [GeneratedRegex(@"dotnet ecr [^|>#]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
