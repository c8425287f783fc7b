using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// What is asked first, all at once: where the tags point to, whether the manifest is there, and whether its configuration and
/// its largest layer are. An image that has not changed costs no further question; and where none of it is there, the rest
/// is most probably not there either.
/// </summary>
/// <param name="Tagged">The digest that each tag points to, of those that exist.</param>
/// <param name="HasManifest">Whether the repository holds the manifest.</param>
/// <param name="Blobs">The blobs that were asked for, and whether they are there.</param>
internal sealed record FirstLook(
    IReadOnlyDictionary<string, string?> Tagged,
    bool HasManifest,
    IReadOnlyDictionary<string, bool> Blobs
)
{
    public bool IsNothingThere => !HasManifest && Blobs.Values.All(isThere => !isThere);

    /// <summary>Whether a blob is there; <see langword="null"/> if it was not asked for.</summary>
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
