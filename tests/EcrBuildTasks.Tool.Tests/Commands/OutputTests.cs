using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>What the tool does when its output has nowhere to go.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task A_reader_that_has_seen_enough_is_no_error()
    {
        var piped = await RunAsync("reference | head -n 1; echo \"${PIPESTATUS[0]}\"");

        piped.Output.Split('\n')[..2].ShouldBe(["# dotnet ecr", "0"], piped.ToString());
        piped.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("reference >&-", "Bad file descriptor")]
    [InlineData("--help >/dev/full", "No space left on device")]
    [InlineData("diagnose >/dev/full", "No space left on device")]
    public async Task An_output_that_cannot_be_written_is_one_line_of_error(string command, string reason)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no /dev/full.");

        var result = await RunAsync(command);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.Split('\n').ShouldHaveSingleItem().ShouldEndWith(reason);
    }

    private static Task<CliResult> RunAsync(string command) =>
        Cli.RunAsync(
            "bash",
            ["-c", $"dotnet {SourceTree.Tool} {command}"],
            cancellationToken: TestContext.Current.CancellationToken
        );
}
