using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Asks ECR for tags before a push.</summary>
internal sealed class ExistingTags(AwsIdentities identities)
{
    /// <summary>The first image of a request, if every tag of it is there.</summary>
    public async Task<string?> FindAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var registry = request.Registry is null ? null : EcrRegistry.Parse(request.Registry);
        string[] tags = [.. request.Tags.Union(request.SourceTags, StringComparer.Ordinal)];
        try
        {
            var session = identities.Open(request.IdentityIn(registry?.Region), cancellationToken);
            using var ecr = session.CreateEcrClient(registry);
            var answer = await ecr.BatchGetImageAsync(
                new()
                {
                    RegistryId = registry?.Account,
                    RepositoryName = request.Repository,
                    ImageIds = [.. tags.Select(tag => new Aws.Model.ImageIdentifier { ImageTag = tag })],
                },
                cancellationToken
            );
            var found = answer.Images?.Select(image => image.ImageId?.ImageTag).ToHashSet(StringComparer.Ordinal) ?? [];
            return tags.All(found.Contains) ? $"{request.Repository}:{string.Join(", ", tags)}" : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is, the preflight meets it too, and says it better.
            return null;
        }
    }
}
