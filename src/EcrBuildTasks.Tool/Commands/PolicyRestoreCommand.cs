using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy restore</c>: restores a policy from a backup.</summary>
internal static class PolicyRestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("BACKUP")
        {
            Description = "A backup file written by `policy fix --apply`; it specifies the repository.",
        };
        var yes = Confirmation.YesOption();
        var command = new Command("restore", "Restore a repository policy from a backup.") { file, yes };
        Confirmation.MustBePossible(command, yes);
        return command
            .Does(
                (invocation, cancellationToken) =>
                    RunAsync(invocation, invocation.Get(file)!, invocation.Get(yes), cancellationToken)
            )
            .WithExamples("dotnet ecr policy restore ecr-policy-444455556666-hello-api-20260115T093000Z.json");
    }

    private static async Task<int> RunAsync(
        Invocation invocation,
        string file,
        bool isConfirmed,
        CancellationToken cancellationToken
    )
    {
        var backup = PolicyBackup.Read(file);
        using var repository = await RepositoryAccess.OpenAsync(
            invocation,
            new RepositoryArgument(backup.Registry, backup.Repository, invocation.Settings),
            cancellationToken
        );
        var before = await repository.GetPolicyAsync(cancellationToken);
        if (before == backup.PolicyText)
        {
            invocation.Output.Note($"The policy of {repository.Name} already matches the backup.");
            Print(invocation.Output, repository, undo: null);
            return ExitCode.Done;
        }

        var change = new PolicyChange(repository, before, backup.PolicyText);
        var undo = await change.MakeAsync(invocation.Output, isConfirmed, cancellationToken);
        if (undo is null)
        {
            return ExitCode.Error;
        }

        Print(invocation.Output, repository, undo);
        return ExitCode.Done;
    }

    private static void Print(ToolOutput output, RepositoryAccess repository, string? undo)
    {
        if (output.IsJson)
        {
            output.Write(
                new JsonObject
                {
                    ["repository"] = repository.Name,
                    ["restored"] = undo is not null,
                    ["backup"] = undo,
                }
            );
        }
    }
}
