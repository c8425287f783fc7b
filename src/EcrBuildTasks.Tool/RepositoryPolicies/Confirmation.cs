using System.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>Asks a person before something is changed.</summary>
internal static class Confirmation
{
    public static Option<bool> YesOption() => new("--yes", "-y") { Description = "Change it without asking first." };

    /// <summary>
    /// Makes it a wrong usage to change something where nobody can be asked, unless <c>--yes</c> is there.
    /// </summary>
    /// <param name="yes">The option that answers.</param>
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
            )
            {
                parsed.AddError(
                    $"{change?.Name ?? command.Name} asks before it changes a policy, and there is no terminal to ask at: add --yes."
                );
            }
        });

    /// <summary>Waits for a yes; anything else is a no.</summary>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{question} [y/N] ");
        // The console cannot be read with a token, and Ctrl+C has to end the question.
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
