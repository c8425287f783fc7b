using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Finds out which tags exist in a repository. In a private registry this requires only permissions that a push needs anyway.</summary>
/// <param name="ecr">A client of the registry's API.</param>
/// <param name="registry">The registry; <see langword="null"/> for that of the caller's account.</param>
/// <param name="repository">The repository's name.</param>
internal sealed class TagLookup(EcrClient ecr, EcrRegistry? registry, string repository)
{
    /// <returns><see langword="null"/> if they cannot be read: in a public registry of another account.</returns>
    public async Task<ExistingTags?> RunAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (registry is { Kind: RegistryKind.Public })
        {
            var own = await CallersAliases.AskAsync(ecr, cancellationToken);
            return own.Contains(registry.Alias!)
                ? Match(tags, await Task.WhenAll(tags.Select(tag => FindPublicAsync(tag, cancellationToken))))
                : null;
        }

        var images = await new RepositoryTags(ecr, registry?.Account, repository).FindAsync(tags, cancellationToken);
        return Match(
            tags,
            images.Select(image =>
                image is { ImageId: { ImageTag: { } tag, ImageDigest: { } digest } }
                    ? new TaggedImage(tag, digest, SizeOf(image.ImageManifest))
                    : null
            )
        );
    }

    /// <summary>ECR Public has no BatchGetImage, and its DescribeImages fails if one of several images is missing.</summary>
    private async Task<TaggedImage?> FindPublicAsync(string tag, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ecr.DescribeImagesAsync(
                new() { RepositoryName = repository, ImageIds = [new() { ImageTag = tag }] },
                cancellationToken
            );
            return answer.ImageDetails is [{ ImageDigest: { } digest } image, ..]
                ? new(tag, digest, image.ImageSizeInBytes ?? 0)
                : null;
        }
        catch (ImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The archived images of those tags that have one.</summary>
    public async Task<IReadOnlyList<TaggedImage>> FindArchivedAsync(
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    ) => [.. (await Task.WhenAll(tags.Select(tag => FindArchivedAsync(tag, cancellationToken)))).OfType<TaggedImage>()];

    private async Task<TaggedImage?> FindArchivedAsync(string tag, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ecr.DescribeImagesAsync(
                new()
                {
                    RegistryId = registry?.Account,
                    RepositoryName = repository,
                    ImageIds = [new() { ImageTag = tag }],
                },
                cancellationToken
            );
            return
                answer.ImageDetails is [{ ImageStatus: "ARCHIVED" or "ACTIVATING", ImageDigest: { } digest } image, ..]
                ? new(tag, digest, image.ImageSizeInBytes ?? 0) { IsArchived = true }
                : null;
        }
        catch (ImageNotFoundException)
        {
            return null;
        }
    }

    private static ExistingTags Match(IReadOnlyList<string> tags, IEnumerable<TaggedImage?> found)
    {
        var byTag = new Dictionary<string, TaggedImage>(StringComparer.Ordinal);
        foreach (var image in found.OfType<TaggedImage>())
        {
            byTag[image.Tag] = image;
        }

        return new(
            [.. tags.Where(byTag.ContainsKey).Select(tag => byTag[tag])],
            [.. tags.Where(tag => !byTag.ContainsKey(tag))]
        );
    }

    private static long SizeOf(string? manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(manifest ?? "{}");
            return document.RootElement.TryGetProperty("layers", out var layers)
                ? layers
                    .EnumerateArray()
                    .Append(document.RootElement.GetProperty("config"))
                    .Sum(part => part.GetProperty("size").GetInt64())
                : 0;
        }
        catch (Exception failure)
            when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return 0;
        }
    }
}
