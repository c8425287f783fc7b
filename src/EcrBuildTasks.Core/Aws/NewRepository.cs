using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Aws;

/// <summary>
/// Creates repositories with the defaults that ECR lacks: each image is scanned when it is pushed. ECR Public has no such
/// settings, and creates in the caller's own registry only.
/// </summary>
public static class NewRepository
{
    /// <param name="ecr">The client.</param>
    /// <param name="registry">The registry; a public one has to be the caller's.</param>
    /// <param name="name">The repository's name.</param>
    /// <param name="tagMutability">One of <see cref="ImageTagMutability"/>; void in a public registry.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The repository; <see langword="null"/> when there is one of this name already.</returns>
    public static async Task<Repository?> CreateAsync(
        EcrClient ecr,
        EcrRegistry registry,
        string name,
        string tagMutability,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ecr);
        ArgumentNullException.ThrowIfNull(registry);
        var request =
            registry.Kind is RegistryKind.Public
                ? new CreateRepositoryRequest { RepositoryName = name }
                : new CreateRepositoryRequest
                {
                    RegistryId = registry.Account,
                    RepositoryName = name,
                    ImageTagMutability = tagMutability,
                    ImageScanningConfiguration = new() { ScanOnPush = true },
                    EncryptionConfiguration = new() { EncryptionType = "AES256" },
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
