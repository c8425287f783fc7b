using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Tool.CommandLine;
using Spectre.Console;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>
/// A change of a repository policy: shown, confirmed, backed up, and applied if the policy has not changed since.
/// </summary>
/// <param name="before">The policy as it was read; <see langword="null"/> for none.</param>
/// <param name="after">The new policy; <see langword="null"/> for none.</param>
internal sealed class PolicyChange(RepositoryAccess repository, string? before, string? after)
{
    /// <returns>The name of the backup in the current folder; <see langword="null"/> if the change was not confirmed.</returns>
    /// <exception cref="DiagnosedException">The policy was changed concurrently, or AWS rejected the change.</exception>
    public async Task<string?> MakeAsync(ToolOutput output, bool isConfirmed, CancellationToken cancellationToken)
    {
        // The change is always shown before the confirmation.
        Show(output, isConfirmed ? output.Note : output.WriteError);
        if (!isConfirmed && !await Confirmation.AskAsync($"Change the policy of {repository.Name}?", cancellationToken))
        {
            output.Note("The policy was not changed.");
            return null;
        }

        var folder = Directory.GetCurrentDirectory();
        var backup = new PolicyBackup(repository.Registry, repository.Repository, before).Write(
            folder,
            TimeProvider.System.GetUtcNow()
        );
        try
        {
            await ReplaceAsync(cancellationToken);
        }
        catch (DiagnosedException)
        {
            // The policy was not changed, so the backup is not needed.
            File.Delete(Path.Combine(folder, backup));
            throw;
        }

        output.Note($"The policy of {repository.Name} was changed. This command restores the previous policy:");
        output.Note($"  dotnet ecr policy restore {backup}");
        return backup;
    }

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        if (await repository.GetPolicyAsync(cancellationToken) != before)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.PolicyChanged,
                    $"The policy of {repository.Name} has changed since it was read, so it was not overwritten. Run the command again."
                )
            );
        }

        await repository.SetPolicyAsync(after, cancellationToken);
    }

    private void Show(ToolOutput output, Action<string, Func<string, string>?> write)
    {
        var isColored = output.Messages.Profile.Capabilities.ColorSystem is not ColorSystem.NoColors;
        write($"--- {repository.Name}, current policy{(before is null ? ": none" : "")}", null);
        write($"+++ {repository.Name}, new policy{(after is null ? ": none" : "")}", null);
        foreach (var line in LineDifference.Between(Lines(before), Lines(after)))
        {
            write(
                line,
                line[0] switch
                {
                    '-' when isColored => Palette.Removed,
                    '+' when isColored => Palette.Added,
                    _ => null,
                }
            );
        }
    }

    private static string[] Lines(string? policy)
    {
        if (policy is null)
        {
            return [];
        }

        try
        {
            return PolicyDocument.Parse(policy).ToJson(indented: true).Split('\n');
        }
        catch (PolicyFormatException)
        {
            // An unreadable policy is still replaced as a whole.
            return policy.Split('\n');
        }
    }
}
