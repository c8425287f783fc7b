using EcrBuildTasks.Documentation.Tests.Blocks;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Documentation.Tests.Shell;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>What the pages show of the denial that most people meet, printed again by following them.</summary>
public sealed class ShownOutputTests
{
    // In a pipeline the tool says more.
    private static readonly string[] VariablesOfPipelines =
    [
        "GITHUB_ACTIONS",
        "TF_BUILD",
        "GITLAB_CI",
        "TEAMCITY_VERSION",
    ];

    [Fact]
    public async Task The_denial_of_the_README_and_the_session_of_the_terminal_page_are_what_the_tool_prints()
    {
        var printed = await FollowTheEmulatorPageAsync();

        printed.ExitCode.ShouldBe(2, printed.ToString());
        Missing(DocumentationPages.Find("README.md").Blocks[0], printed.Error).ShouldBeEmpty();
        var session = DocumentationPages.Find("docs/terminal.md").Blocks;
        Missing(session[0], printed.Output).ShouldBeEmpty();
        Missing(session[1], printed.Error).ShouldBeEmpty();
    }

    /// <summary>The second file of the page, with its two accounts, and the commands of the role.</summary>
    private static async Task<CliResult> FollowTheEmulatorPageAsync()
    {
        var section = new MarkdownPage("section", DocumentationPages.Find("docs/emulator.md").Section("The file"));
        await using var emulator = await EmulatorFile.StartAsync(section.Blocks[1]);
        var commands = ShellScript.Read(section.Blocks[2].Text);
        var environment = AwsVariables.For(emulator, AwsVariables.ExportedBy(commands));
        foreach (var variable in VariablesOfPipelines)
        {
            environment[variable] = null;
        }

        return await Cli.RunAsync(
            "dotnet",
            [SourceTree.Tool, .. commands.Single(command => command.Program == "dotnet").Arguments.Skip(1)],
            environment: environment,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    /// <returns>
    /// The lines that are shown and were not printed, but the command, what a build says in place of the tool, and what is left
    /// out.
    /// </returns>
    private static IEnumerable<string> Missing(CodeBlock shown, string printed)
    {
        var lines = printed.Split('\n').Select(line => line.TrimEnd()).ToHashSet(StringComparer.Ordinal);
        return shown
            .Text.Split('\n')
            .Where(line => !line.StartsWith("$ ", StringComparison.Ordinal) && !line.Contains('…'))
            .Select(line =>
                line.Replace("HelloApi.csproj : ", "")
                    .Replace(" Fix, and request.md for the owner: obj/Release/net10.0/ecr", "")
                    .Replace(
                        "dotnet ecr policy fix --apply",
                        "dotnet ecr policy fix 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api --principal arn:aws:sts::111122223333:assumed-role/ci/run-7 --apply"
                    )
            )
            .Where(line => !lines.Contains(line.TrimEnd()));
    }
}
