using System.CommandLine.Invocation;
using EcrBuildTasks.Emulator.Tool;

var parsed = new EmulatorCommand().Parse(args);
if (parsed.Action is not ParseErrorAction)
{
    return await parsed.InvokeAsync();
}

foreach (var error in parsed.Errors)
{
    await Console.Error.WriteLineAsync(error.Message);
}

await Console.Error.WriteLineAsync("For help, run `ecr-emulator --help`.");
return EmulatorCommand.UsageError;
