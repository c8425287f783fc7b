using EcrBuildTasks.Failures;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class ReferenceTests
{
    [Fact]
    public async Task The_page_about_the_commands_is_current()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, "docs", "cli.md"),
            TestContext.Current.CancellationToken
        );

        var printed = await RunAsync("reference");

        page.TrimEnd().ShouldBe(printed.Output.TrimEnd(), "Run dotnet ecr reference > docs/cli.md.");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("push")]
    [InlineData("completion")]
    public async Task The_help_of_a_command_ends_with_examples(string command)
    {
        var help = await RunAsync(command, "--help");

        help.ExitCode.ShouldBe(0);
        help.Output.ShouldContain($"Examples:\n");
        help.Output.Split("Examples:")[1].ShouldContain("dotnet ecr ");
    }

    [Fact]
    public async Task The_help_of_the_tool_ends_with_the_address_of_the_documentation()
    {
        var help = await RunAsync("--help");

        help.ExitCode.ShouldBe(0);
        help.Output.TrimEnd().ShouldEndWith($": {EcrCode.Documentation}");
    }

    private static Task<CliResult> RunAsync(params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            [SourceTree.Tool, .. arguments],
            cancellationToken: TestContext.Current.CancellationToken
        );
}
