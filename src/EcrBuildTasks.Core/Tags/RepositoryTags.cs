using System.Collections.Concurrent;
using Amazon.Runtime.Internal;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Tags;

/// <summary>The tags of a repository, read and moved by the ECR API: no layer and no engine is needed for that.</summary>
internal sealed class RepositoryTags(EcrClient ecr, string? registryId, string repository)
{
    /// <summary>As many as ECR gives at once.</summary>
    private const int PageSize = 1000;

    /// <summary>The maximum number per request in ECR.</summary>
    private const int MostIds = 100;

    /// <summary>Any other answer than the manifest as it was pushed would be another image.</summary>
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    private readonly ConcurrentDictionary<string, Lazy<Task<Image>>> _images = new(StringComparer.Ordinal);

    /// <summary>All tags with the digests that they stand for; one request for each thousand.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var page = await ecr.ListImagesAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    // The tag of an archived image still belongs to a version that was pushed.
                    Filter = new() { TagStatus = "TAGGED", ImageStatus = "ANY" },
                    MaxResults = PageSize,
                    NextToken = next,
                },
                cancellationToken
            );
            foreach (var image in page.ImageIds ?? [])
            {
                if (image is { ImageTag: { } tag, ImageDigest: { } digest })
                {
                    digests[tag] = digest;
                }
            }

            next = page.NextToken;
        } while (next is not null);

        return digests;
    }

    /// <summary>The images of those tags that there are.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public async Task<IReadOnlyList<Image>> FindAsync(
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await Task.WhenAll(
                    tags.Chunk(MostIds)
                        .Select(some =>
                            ecr.BatchGetImageAsync(
                                new()
                                {
                                    RegistryId = registryId,
                                    RepositoryName = repository,
                                    ImageIds = [.. some.Select(tag => new ImageIdentifier { ImageTag = tag })],
                                    AcceptedMediaTypes = [.. ManifestTypes],
                                },
                                cancellationToken
                            )
                        )
                )
            ).SelectMany(answer => answer.Images ?? []),
        ];

    /// <summary>Points a tag to an image in the repository.</summary>
    /// <exception cref="ImageTagAlreadyExistsException">The tag is immutable.</exception>
    /// <exception cref="ImageNotFoundException">The image does not exist, or no longer.</exception>
    public async Task PointAsync(string tag, string digest, CancellationToken cancellationToken)
    {
        var image = await _images.GetOrAdd(digest, _ => new(() => GetAsync(digest, cancellationToken))).Value;
        try
        {
            await ecr.PutImageAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    ImageManifest = image.ImageManifest,
                    ImageManifestMediaType = image.ImageManifestMediaType,
                    ImageTag = tag,
                    ImageDigest = digest,
                },
                cancellationToken
            );
        }
        catch (ImageAlreadyExistsException)
        {
            // The tag stands for it already.
        }
    }

    /// <summary>The manifest of an image that the repository holds.</summary>
    /// <exception cref="ImageNotFoundException">The image does not exist.</exception>
    public async Task<string> GetManifestAsync(string digest, CancellationToken cancellationToken) =>
        (await GetAsync(digest, cancellationToken)).ImageManifest ?? "{}";

    private async Task<Image> GetAsync(string digest, CancellationToken cancellationToken)
    {
        var answer = await ecr.BatchGetImageAsync(
            new()
            {
                RegistryId = registryId,
                RepositoryName = repository,
                ImageIds = [new() { ImageDigest = digest }],
                AcceptedMediaTypes = [.. ManifestTypes],
            },
            cancellationToken
        );
        return answer.Images is [{ } image, ..]
            ? image
            : throw new ImageNotFoundException(
                new ErrorResponse
                {
                    Code = nameof(ImageNotFoundException),
                    Message = $"The repository {repository} does not contain the image {digest}",
                }
            );
    }
}
