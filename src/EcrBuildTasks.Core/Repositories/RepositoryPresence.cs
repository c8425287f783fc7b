using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>
/// Whether a repository exists, derived from responses. AWS checks permissions first, so a denial does not show it: a missing
/// repository of another account is denied in the same words.
/// </summary>
internal static class RepositoryPresence
{
    /// <summary>A well-formed digest that no layer has.</summary>
    public const string NoSuchDigest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The presence from the first conclusive response; <see cref="Presence.NotSeen"/> if none is.</summary>
    public static async Task<Presence> FirstOf(IEnumerable<Task<Presence>> answers)
    {
        await foreach (var answer in Task.WhenEach(answers))
        {
            if (await answer is not Presence.NotSeen and var presence)
            {
                return presence;
            }
        }

        return Presence.NotSeen;
    }

    /// <summary>Checks with an action that every push needs and that creates nothing.</summary>
    public static async Task<Presence> AskAsync(
        EcrClient ecr,
        ImageReference image,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await ecr.BatchCheckLayerAvailabilityAsync(
                new()
                {
                    RegistryId = image.Registry.Alias ?? image.Registry.Account,
                    RepositoryName = image.Repository,
                    LayerDigests = [NoSuchDigest],
                },
                cancellationToken
            );
            return Presence.Present;
        }
        catch (RepositoryNotFoundException)
        {
            return Presence.Absent;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Presence.NotSeen;
        }
    }
}
