using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks;

/// <summary>Creates the repository of a push, if there is none.</summary>
internal static class RepositoryStep
{
    /// <returns>What the new repository lacks.</returns>
    public static async Task<IReadOnlyList<EcrDiagnostic>> RunAsync(
        PushTarget target,
        ImageReference image,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        using var ecr = target.Session.CreateEcrClient(image.Registry);
        return await target.Session.AskAsync(async () =>
        {
            if (image.Registry is { Kind: RegistryKind.Public, Alias: { } alias })
            {
                var aliases = await CallersAliases.AskAsync(ecr, cancellationToken);
                if (!aliases.Contains(alias))
                {
                    throw new DiagnosedException(PublicDiagnosis.OthersRegistry(image.Registry, aliases));
                }
            }

            var wanted =
                target.FloatingTags is null || settings.TagMutability is not null
                    ? settings
                    : settings with
                    {
                        TagMutability = new(ImageTagMutability.MUTABLE, []),
                    };
            try
            {
                var creation = await RepositoryCreation.RunAsync(
                    ecr,
                    image.Registry,
                    image.Repository,
                    wanted,
                    cancellationToken
                );
                return creation.Lacking;
            }
            catch (AmazonServiceException denied)
                when (denied.ErrorCode is "AccessDeniedException"
                    && RepositoryCallDiagnosis.Of(denied, target.Session, image.Registry, image.Repository)
                        is { } diagnostic
                )
            {
                // A push that is denied is explained by what it lacks in the repository, which there is none of here.
                throw new DiagnosedException(diagnostic);
            }
        });
    }
}
