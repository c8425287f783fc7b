using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>
/// Creates repositories with the defaults that ECR lacks: tags stay where they are, and each image is scanned when it is pushed.
/// ECR Public has no such settings, and creates in the caller's own registry only.
/// </summary>
internal static class NewRepository
{
    /// <param name="registry">The registry; a public one has to be the caller's.</param>
    /// <param name="name">The repository's name.</param>
    /// <param name="settings">What it is to be like; in a public registry only the resource tags count.</param>
    /// <returns>The repository; <see langword="null"/> if a repository with this name already exists.</returns>
    public static async Task<Repository?> CreateAsync(
        EcrClient ecr,
        EcrRegistry registry,
        string name,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        List<Tag>? tags = settings.Tags is []
            ? null
            : [.. settings.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
        var request =
            registry.Kind is RegistryKind.Public
                ? new CreateRepositoryRequest { RepositoryName = name, Tags = tags }
                : new CreateRepositoryRequest
                {
                    RegistryId = registry.Account,
                    RepositoryName = name,
                    Tags = tags,
                    ImageTagMutability = settings.TagMutability?.Mode ?? ImageTagMutability.IMMUTABLE,
                    ImageTagMutabilityExclusionFilters = settings.TagMutability?.ExclusionFilters is [_, ..] filters
                        ?
                        [
                            .. filters.Select(filter => new ImageTagMutabilityExclusionFilter
                            {
                                FilterType = "WILDCARD",
                                Filter = filter,
                            }),
                        ]
                        : null,
                    ImageScanningConfiguration = new() { ScanOnPush = settings.ScanOnPush },
                    EncryptionConfiguration = new()
                    {
                        EncryptionType = settings.EncryptionType,
                        KmsKey = settings.KmsKey,
                    },
                };
        try
        {
            var answer = await ecr.CreateRepositoryAsync(request, cancellationToken);
            return answer.Repository ?? new() { RepositoryName = name, RegistryId = registry.Account };
        }
        catch (RepositoryAlreadyExistsException)
        {
            return null;
        }
    }
}
