using System.CommandLine;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>A command that reads a policy, of a repository or of a file, and says something about it.</summary>
internal static class PolicyReadingCommand
{
    /// <param name="name">The command's name.</param>
    /// <param name="print">Says it, and gives the exit code.</param>
    public static Command Create(string name, string description, Func<PolicySource, ToolOutput, int> print)
    {
        var image = RepositoryArgument.Create();
        var file = new Option<string?>("--file")
        {
            Description = "Read the policy from this file instead of AWS; - for standard input.",
            HelpName = "FILE",
        };
        return new Command(name, description) { image, file }.Does(
            async (invocation, cancellationToken) =>
                print(
                    await PolicySource.ReadAsync(
                        invocation,
                        invocation.Get(image),
                        invocation.Get(file),
                        cancellationToken
                    ),
                    invocation.Output
                )
        );
    }
}
