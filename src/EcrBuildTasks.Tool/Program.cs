using System.CommandLine.Invocation;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Commands;

var parsed = EcrCommand.Create().Parse(args);
if (parsed.Action is ParseErrorAction mistake)
{
    mistake.ShowHelp = false;
    mistake.ShowTypoCorrections = true;
    await parsed.InvokeAsync();
    await Console.Error.WriteLineAsync(
        $"`{string.Join(' ', parsed.CommandResult.Path().Prepend("dotnet ecr"))} --help` shows what there is."
    );
    return ExitCode.Usage;
}

return await parsed.InvokeAsync();
