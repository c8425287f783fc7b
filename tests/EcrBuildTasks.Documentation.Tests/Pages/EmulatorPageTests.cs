using System.Text.Json.Nodes;
using EcrBuildTasks.Documentation.Tests.Blocks;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Documentation.Tests.Shell;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>The page about the emulator, followed step by step.</summary>
public sealed class EmulatorPageTests
{
    private static readonly MarkdownPage Page = DocumentationPages.Find("docs/emulator.md");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_AWS_CLI_finds_the_repository_with_the_key_of_the_page(bool hasFile)
    {
        var aws = RealPart.Find("aws");
        var file = new MarkdownPage("section", Page.Section("The file")).Blocks.First(block =>
            block.Language == "json"
        );
        await using var emulator = await EcrEmulator.StartAsync(
            hasFile ? EmulatorFile.Read(file) : ExampleAccount.Create(),
            TestContext.Current.CancellationToken
        );
        var commands = ShellScript.Read(new MarkdownPage("section", Page.Section("Start it")).Blocks[1].Text);

        var result = await Cli.RunAsync(
            aws,
            [.. commands.Single(command => command.Program == "aws").Arguments, "--output", "json"],
            environment: AwsVariables.For(emulator, AwsVariables.ExportedBy(commands)),
            cancellationToken: TestContext.Current.CancellationToken
        );

        JsonNode.Parse(result.EnsureSuccess().Output)!["repositories"]![0]!["repositoryName"]!
            .GetValue<string>()
            .ShouldBe("hello-api");
    }

    [Theory]
    [InlineData("the file", typeof(EmulatorOptions))]
    [InlineData("an account", typeof(EmulatedAccount))]
    [InlineData("a user", typeof(IamUser))]
    [InlineData("a role", typeof(IamRole))]
    [InlineData("a registry", typeof(EmulatedRegistry))]
    [InlineData("a repository", typeof(EmulatedRepository))]
    [InlineData("a creation template", typeof(EmulatedCreationTemplate))]
    [InlineData("a pull through cache rule", typeof(EmulatedPullThroughCacheRule))]
    public void The_table_of_the_file_names_all_that_may_stand_there(string where, Type type)
    {
        var row = new MarkdownPage("section", Page.Section("The file")).Rows.Single(cells => cells[0] == where);

        row[1]
            .Split(", ")
            .Select(name => name.Trim('`'))
            .ShouldBe(
                type.GetProperties()
                    .Where(property =>
                        property
                            .GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false)
                            .Length == 0
                    )
                    .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]),
                ignoreOrder: true
            );
    }
}
