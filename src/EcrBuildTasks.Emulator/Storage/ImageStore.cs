using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Puts, finds and deletes the images of a repository.</summary>
internal sealed class ImageStore(RegistryStore store, TimeProvider clock)
{
    /// <summary>Puts a manifest, and a tag on it.</summary>
    /// <returns>The image, and whether the repository had it under this tag before.</returns>
    public (Image Image, bool Existed) Put(
        Repository repository,
        string text,
        string? mediaType,
        string? tag,
        string? expectedDigest
    )
    {
        var manifest = ImageManifest.Parse(text, mediaType);
        if (expectedDigest is not null && expectedDigest != manifest.Digest)
        {
            throw new EcrException(
                "ImageDigestDoesNotMatchException",
                "The specified image digest does not match the digest that was calculated for the image"
            );
        }

        return store.Change(
            repository,
            () =>
            {
                RequireReferences(repository, manifest);
                var image = repository.Images.GetValueOrDefault(manifest.Digest);
                var tagged = tag is null ? null : repository.ImageTags.GetValueOrDefault(tag);
                var existed = image is not null && (tag is null || tagged == image.Digest);
                if (tagged is not null && tagged != manifest.Digest && repository.TagMutability.IsImmutable(tag!))
                {
                    throw new EcrException(
                        "ImageTagAlreadyExistsException",
                        $"The image tag '{tag}' already exists in the '{repository.Name}' repository and cannot be overwritten because the repository is immutable."
                    );
                }

                // An archived image that is pushed again is restored.
                image = image is null ? New(repository, manifest, text) : image with { IsArchived = false };
                repository.Images[image.Digest] = image;
                if (tag is not null)
                {
                    repository.ImageTags[tag] = image.Digest;
                }

                return (image, existed);
            }
        );
    }

    /// <summary>Finds an image by its tag, its digest, or both where they agree.</summary>
    public Image? Find(Repository repository, string? tag, string? digest) =>
        store.Read(
            repository,
            () =>
            {
                var byTag = tag is null ? null : repository.ImageTags.GetValueOrDefault(tag);
                var wanted = tag is null ? digest : byTag;
                return wanted is null || (digest is not null && digest != wanted)
                    ? null
                    : repository.Images.GetValueOrDefault(wanted);
            }
        );

    public Image FindRequired(Repository repository, (string? Digest, string? Tag) id) =>
        Find(repository, id.Tag, id.Digest)
        ?? throw new EcrException(
            "ImageNotFoundException",
            $"The image with imageId {{imageDigest:'{id.Digest ?? "null"}', imageTag:'{id.Tag ?? "null"}'}} does not exist within the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
        );

    /// <summary>The images whose subject is this digest, which need not exist.</summary>
    public IReadOnlyList<Image> ReferrersOf(Repository repository, string digest) =>
        store.Read(
            repository,
            () => (Image[])[.. repository.Images.Values.Where(image => image.SubjectDigest == digest)]
        );

    /// <summary>Finds an image that can be pulled.</summary>
    public Image? FindActive(Repository repository, string? tag, string? digest) =>
        Find(repository, tag, digest) is { IsArchived: false } image ? image : null;

    /// <summary>Archives an image.</summary>
    public void Archive(Repository repository, string digest) =>
        store.Change(
            repository,
            () => repository.Images[digest] = repository.Images[digest] with { IsArchived = true }
        );

    /// <summary>Takes a tag away, and an image when it was its last; by digest the image with all its tags.</summary>
    /// <returns>The tags that are gone.</returns>
    public IReadOnlyList<string> Delete(Repository repository, Image image, string? tag) =>
        store.Change(
            repository,
            () =>
            {
                string[] tags = tag is null ? [.. repository.TagsOf(image.Digest)] : [tag];
                foreach (var gone in tags)
                {
                    repository.ImageTags.Remove(gone);
                }

                if (!repository.TagsOf(image.Digest).Any())
                {
                    repository.Images.Remove(image.Digest);
                }

                return tags;
            }
        );

    /// <summary>The indexes that an image is part of.</summary>
    public IReadOnlyList<string> IndexesOf(Repository repository, Image image) =>
        store.Read(
            repository,
            () =>
                (string[])
                    [
                        .. repository
                            .Images.Values.Where(index =>
                                ImageManifest
                                    .Parse(index.Manifest, index.MediaType)
                                    .Children.Contains(image.Digest, StringComparer.Ordinal)
                            )
                            .Select(index => index.Digest),
                    ]
        );

    /// <summary>Why an image that indexes name is not deleted.</summary>
    public static string ReferencedBy(IEnumerable<string> indexes) =>
        $"Requested image referenced by manifest list: [{string.Join(", ", indexes)}]";

    private static void RequireReferences(Repository repository, ImageManifest manifest)
    {
        var layers = manifest
            .Layers.Select(layer => layer.Digest)
            .Where(digest => !repository.Layers.ContainsKey(digest));
        Require("LayersNotFoundException", "Layers", layers);
        var children = manifest.Children.Where(digest => !repository.Images.ContainsKey(digest));
        Require("ReferencedImagesNotFoundException", "Images", children);

        void Require(string code, string what, IEnumerable<string> missing)
        {
            var digests = string.Join(", ", missing.Distinct(StringComparer.Ordinal));
            if (digests.Length > 0)
            {
                throw new EcrException(
                    code,
                    $"{what} with digests '[{digests}]' required for pushing image into repository with name '{repository.Name}' in the registry with id '{repository.Account}' do not exist"
                );
            }
        }
    }

    private Image New(Repository repository, ImageManifest manifest, string text)
    {
        var size = manifest.IsIndex
            ? manifest.Children.Select(digest => repository.Images[digest].Size).DefaultIfEmpty().Max()
            : manifest.Layers.Sum(layer => layer.Size);
        return new(manifest.Digest, text, manifest.MediaType, clock.GetUtcNow(), size)
        {
            ArtifactMediaType = manifest.ArtifactMediaType,
            SubjectDigest = manifest.SubjectDigest,
        };
    }
}
