using System.CommandLine;
using EcrBuildTasks.Failures;

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
                    return invocation.Output.Fail(failure);
                }
                finally
                {
                    invocation.Output.Reporter.Complete();
                }
            }
        );
        return command;
    }

    /// <summary>Runs an action that only reads a file and calls nobody; a file that cannot be read becomes a diagnostic.</summary>
    public static void Reads(this Command command, Func<ParseResult, int> action) =>
        command.SetAction(parsed =>
        {
            try
            {
                return action(parsed);
            }
            catch (DiagnosedException failure)
            {
                return new Invocation(parsed).Output.Fail(failure);
            }
        });

    /// <summary>Adds examples to the end of the command's help.</summary>
    public static Command WithExamples(this Command command, params IReadOnlyList<string> examples)
    {
        Examples[command] = examples;
        return command;
    }

    public static Dictionary<Command, IReadOnlyList<string>> Examples { get; } = [];
}
