using System.CommandLine;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>Asks for confirmation before a change.</summary>
internal static class Confirmation
{
    public static Option<bool> YesOption() => new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <summary>
    /// Rejects a change without a terminal for the confirmation, unless <c>--yes</c> is given.
    /// </summary>
    /// <param name="yes">The option that confirms.</param>
    /// <param name="change">
    /// The option that changes something; <see langword="null"/> when the command always does.
    /// </param>
    public static void MustBePossible(Command command, Option<bool> yes, Option<bool>? change = null) =>
        command.Validators.Add(parsed =>
        {
            if (
                (change is null || parsed.GetValue(change))
                && !parsed.GetValue(yes)
                && (Console.IsInputRedirected || Console.IsErrorRedirected)
                // A missing argument is reported instead.
                && command.Arguments.All(argument =>
                    argument.Arity.MinimumNumberOfValues == 0 || parsed.GetResult(argument) is { Tokens.Count: > 0 }
                )
            )
            {
                parsed.AddError(
                    $"{change?.Name ?? command.Name} requires confirmation, but there is no terminal. Add --yes to apply the change without confirmation."
                );
            }
        });

    /// <summary>Waits for a yes; anything else is a no.</summary>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{OutgoingText.ToLine(question)} [y/N] ");
        // Console reads do not support cancellation, and Ctrl+C must cancel the prompt.
        try
        {
            var answer = await Task.Run(Console.In.ReadLine, cancellationToken).WaitAsync(cancellationToken);
            return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync();
            throw;
        }
    }
}
