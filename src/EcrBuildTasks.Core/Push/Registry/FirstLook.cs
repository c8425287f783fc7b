using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The first requests, sent in parallel: where the tags point to, whether the manifest exists, and whether its configuration and
/// its largest layer exist. An unchanged image needs no further requests; and if none of them exists, the rest
/// most probably does not exist either.
/// </summary>
/// <param name="Tagged">The digest that each tag points to, of those that exist.</param>
/// <param name="HasManifest">Whether the repository contains the manifest.</param>
/// <param name="Blobs">The checked blobs, and whether they exist.</param>
internal sealed record FirstLook(
    IReadOnlyDictionary<string, string?> Tagged,
    bool HasManifest,
    IReadOnlyDictionary<string, bool> Blobs
)
{
    public bool IsNothingThere => !HasManifest && Blobs.Values.All(isThere => !isThere);

    /// <summary>Whether a blob exists; <see langword="null"/> if it was not checked.</summary>
    public bool? Has(Blob blob) => Blobs.TryGetValue(blob.Digest, out var isThere) ? isThere : null;

    public static async Task<FirstLook> AskAsync(
        RemoteRepository repository,
        ImageContent image,
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    )
    {
        var manifest = repository.FindManifestAsync(image.Root.Digest, cancellationToken);
        var tagged = tags.ToDictionary(
            tag => tag,
            tag => repository.FindManifestAsync(tag, cancellationToken),
            StringComparer.Ordinal
        );
        var blobs = image
            .Blobs.OrderBy(blob => blob.Size)
            .Take(1)
            .Union(image.Blobs.OrderByDescending(blob => blob.Size).Take(1))
            .ToDictionary(
                blob => blob.Digest,
                blob => repository.HasBlobAsync(blob, cancellationToken),
                StringComparer.Ordinal
            );
        await Task.WhenAll([manifest, .. tagged.Values, .. blobs.Values]);
        return new(
            tagged.ToDictionary(pair => pair.Key, pair => pair.Value.Result, StringComparer.Ordinal),
            manifest.Result == image.Root.Digest,
            blobs.ToDictionary(pair => pair.Key, pair => pair.Value.Result, StringComparer.Ordinal)
        );
    }
}
