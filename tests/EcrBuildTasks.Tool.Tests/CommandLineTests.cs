using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Tool;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_command_says_what_it_does() =>
        EcrCommand.Create().Subcommands.ShouldAllBe(command => !string.IsNullOrEmpty(command.Description));
}
