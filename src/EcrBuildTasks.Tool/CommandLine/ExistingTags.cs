using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Asks ECR for tags before a push.</summary>
internal sealed class ExistingTags(AwsIdentities identities)
{
    /// <summary>The first image of a request, if every tag of it is there.</summary>
    public async Task<string?> FindAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var (registry, repository) = RepositoryAddress.Parse(request.Registry, request.Repository);
        string[] tags = [.. request.Tags.Union(request.SourceTags, StringComparer.Ordinal)];
        try
        {
            var session = identities.Open(request.IdentityIn(registry?.Region), cancellationToken);
            using var ecr = session.CreateEcrClient(registry);
            List<ImageIdentifier> images = [.. tags.Select(tag => new ImageIdentifier { ImageTag = tag })];
            var areThere = registry is { Kind: RegistryKind.Public }
                ? await AreInPublicAsync(ecr, registry, repository, images, cancellationToken)
                : await AreInPrivateAsync(ecr, registry, repository, images, cancellationToken);
            return areThere ? $"{request.Repository}:{string.Join(", ", tags)}" : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is, the preflight meets it too, and says it better.
            return null;
        }
    }

    private static async Task<bool> AreInPrivateAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        string repository,
        List<ImageIdentifier> images,
        CancellationToken cancellationToken
    )
    {
        var answer = await ecr.BatchGetImageAsync(
            new()
            {
                RegistryId = registry?.Account,
                RepositoryName = repository,
                ImageIds = images,
            },
            cancellationToken
        );
        var found = answer.Images?.Select(image => image.ImageId?.ImageTag).ToHashSet(StringComparer.Ordinal) ?? [];
        return images.TrueForAll(image => found.Contains(image.ImageTag));
    }

    /// <summary>ECR Public has no BatchGetImage, and its DescribeImages fails if one of the images is missing.</summary>
    private static async Task<bool> AreInPublicAsync(
        EcrClient ecr,
        EcrRegistry registry,
        string repository,
        List<ImageIdentifier> images,
        CancellationToken cancellationToken
    )
    {
        var own = await CallersAliases.AskAsync(ecr, cancellationToken);
        if (!own.Contains(registry.Alias!))
        {
            // Of another account's, nothing can be seen.
            return false;
        }

        var answer = await ecr.DescribeImagesAsync(
            new() { RepositoryName = repository, ImageIds = images },
            cancellationToken
        );
        return answer.ImageDetails is [_, ..];
    }
}
