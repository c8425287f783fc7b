using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

/// <summary>Creates repositories with the defaults that ECR lacks: each image is scanned when it is pushed.</summary>
public static class NewRepository
{
    /// <param name="ecr">The client.</param>
    /// <param name="registryId">The registry's account; <see langword="null"/> for the caller's.</param>
    /// <param name="name">The repository's name.</param>
    /// <param name="tagMutability">One of <see cref="ImageTagMutability"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The repository; <see langword="null"/> when there is one of this name already.</returns>
    public static async Task<Repository?> CreateAsync(
        EcrClient ecr,
        string? registryId,
        string name,
        string tagMutability,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ecr);
        try
        {
            var answer = await ecr.CreateRepositoryAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = name,
                    ImageTagMutability = tagMutability,
                    ImageScanningConfiguration = new() { ScanOnPush = true },
                    EncryptionConfiguration = new() { EncryptionType = "AES256" },
                },
                cancellationToken
            );
            return answer.Repository ?? new() { RepositoryName = name, RegistryId = registryId };
        }
        catch (RepositoryAlreadyExistsException)
        {
            return null;
        }
    }
}
