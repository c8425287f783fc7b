using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Creates the repository of a push if it is missing.</summary>
internal static class RepositoryStep
{
    /// <returns>What the new repository lacks.</returns>
    public static async Task<IReadOnlyList<EcrDiagnostic>> RunAsync(
        AwsSession session,
        ImageReference image,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(image.Registry);
        return await session.AskAsync(async () =>
        {
            // An action that every push needs, so that who may not create repositories can push to those that there are.
            var presence = await RepositoryPresence.AskAsync(ecr, image, cancellationToken);
            if (presence is Presence.Present)
            {
                return [];
            }

            if (image.Registry is { Kind: RegistryKind.Public, Alias: { } alias })
            {
                var aliases = await CallersAliases.AskAsync(ecr, cancellationToken);
                if (!aliases.Contains(alias))
                {
                    throw new DiagnosedException(PublicDiagnosis.OthersRegistry(image.Registry, aliases));
                }
            }

            try
            {
                var creation = await RepositoryCreation.RunAsync(
                    ecr,
                    image.Registry,
                    image.Repository,
                    settings,
                    cancellationToken
                );
                return creation.Lacking;
            }
            catch (AmazonServiceException denied)
                when (presence is Presence.NotSeen && denied.ErrorCode is "AccessDeniedException")
            {
                // It may well exist; the push finds out.
                return [];
            }
        });
    }
}
