using System.CommandLine;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Gives a command its action, with what every action needs around it.</summary>
internal static class CommandAction
{
    /// <summary>Runs the action; exceptions become a diagnostic and an exit code.</summary>
    public static Command Does(this Command command, Func<Invocation, CancellationToken, Task<int>> action)
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var invocation = new Invocation(parsed);
                try
                {
                    return await action(invocation, cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    invocation.Output.Note("Cancelled.");
                    return ExitCode.Cancelled;
                }
                catch (Exception failure) when (failure is not ResultNotWrittenException)
                {
                    return ExitCode.For([invocation.Output.Reporter.Report(failure)]);
                }
                finally
                {
                    invocation.Output.Reporter.Complete();
                }
            }
        );
        return command;
    }

    /// <summary>Adds examples to the end of the command's help.</summary>
    public static Command WithExamples(this Command command, params IReadOnlyList<string> examples)
    {
        Examples[command] = examples;
        return command;
    }

    public static Dictionary<Command, IReadOnlyList<string>> Examples { get; } = [];
}
