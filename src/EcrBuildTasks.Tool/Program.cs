using System.CommandLine;
using System.CommandLine.Invocation;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Commands;

Console.SetOut(new ResultWriter(Console.Out));
try
{
    return await RunAsync(args);
}
catch (ResultNotWrittenException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return ExitCode.Error;
}

static async Task<int> RunAsync(string[] args)
{
    var parsed = EcrCommand.Parse(args);
    var mistakes = UsageMistakes.Find(parsed);
    if (IsAnsweredAnyway(parsed) || (mistakes.Count == 0 && parsed.Errors.Count == 0))
    {
        return await parsed.InvokeAsync(
            new()
            {
                EnableDefaultExceptionHandler = false,
                // After Ctrl+C, a command still deletes what it has created in AWS.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(15),
            }
        );
    }

    if (mistakes.Count == 0)
    {
        // Only the subcommand is missing, so the help with all subcommands is shown.
        var help = EcrCommand.Parse([.. parsed.CommandResult.Path(), "--help"]);
        await help.InvokeAsync(new() { Output = Console.Error });
        return ExitCode.Usage;
    }

    foreach (var mistake in mistakes)
    {
        await Console.Error.WriteLineAsync(OutgoingText.ToLine(mistake));
    }

    await Console.Error.WriteLineAsync($"For help, run `{parsed.CommandResult.Spelled()} --help`.");
    return ExitCode.Usage;
}

// Help and version, whatever else is on the command line.
static bool IsAnsweredAnyway(ParseResult parsed) =>
    parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action;
