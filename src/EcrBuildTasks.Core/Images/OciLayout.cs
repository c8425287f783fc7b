using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>
/// Reads an OCI image layout (OCI image specification, "Image Layout"): its manifests stay as they are, byte for byte.
/// </summary>
/// <param name="mayLackPlatforms">Whether an index may name images that are not there: they are passed over.</param>
internal sealed class OciLayout(ImageFiles files, bool mayLackPlatforms = false)
{
    private const string IndexFile = "index.json";
    private const int DeepestIndex = 8;
    private const int MostManifests = 1000;
    private const long MostBytesOfManifests = 64 << 20;

    private readonly List<ImageManifest> _manifests = [];
    private readonly Dictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<(ImageManifest, string)> _images = [];
    private long _bytesOfManifests;

    /// <summary>The images that were opened, with the digests of their configurations.</summary>
    public IReadOnlyList<(ImageManifest Manifest, string Configuration)> Images => _images;

    /// <summary>Whether an image was passed over.</summary>
    public bool LacksPlatforms { get; private set; }

    public bool HasPlainLayers { get; private set; }

    public static bool IsIn(ImageFiles files) =>
        files.Find(IndexFile) is not null && files.Find("oci-layout") is not null;

    /// <summary>The descriptor of the image to push.</summary>
    /// <param name="name">Which of several; <see langword="null"/> for the only one.</param>
    /// <exception cref="PushException">There is none, or it is not clear which.</exception>
    public async Task<Descriptor> ChooseAsync(string? name, CancellationToken cancellationToken)
    {
        var file = files.Get(IndexFile, "the format");
        var (_, index) = await ImageDocuments.ReadAsync(
            files,
            file,
            ImageDocuments.LargestManifest,
            documents => documents.ManifestDocument,
            cancellationToken
        );
        var images = (index.Manifests ?? []).OfType<Descriptor>().ToList();
        var chosen = name is null ? images : images.FindAll(image => ImageNames.Matches(image, name));
        if (chosen.DistinctBy(image => image.Digest, StringComparer.Ordinal).Count() == 1)
        {
            return chosen[0];
        }

        throw images.Count == 0
            ? InvalidImage.Of(files.Path, $"its {IndexFile} names no image")
            : ImageNames.Undecided(files.Path, name, images.Select(ImageNames.Describe));
    }

    /// <exception cref="PushException">The image is damaged, incomplete, or of a kind that cannot be pushed.</exception>
    public async Task<ImageContent> OpenAsync(Descriptor root, CancellationToken cancellationToken)
    {
        await AddManifestAsync(root, IndexFile, 0, cancellationToken);
        return new ImageContent(_manifests, [.. _blobs.Values]);
    }

    private async Task AddManifestAsync(
        Descriptor descriptor,
        string namedBy,
        int depth,
        CancellationToken cancellationToken
    )
    {
        var digest = RequireDigest(descriptor, namedBy);
        if (!_seen.Add(digest))
        {
            return;
        }

        if (depth > 0 && mayLackPlatforms && files.Find(Digest.FileName(digest)) is null)
        {
            LacksPlatforms = true;
            return;
        }

        var file = GetFile(digest, descriptor.Size, namedBy);
        _bytesOfManifests += file.Length;
        if (_seen.Count > MostManifests || _bytesOfManifests > MostBytesOfManifests || depth > DeepestIndex)
        {
            throw InvalidImage.Of(
                files.Path,
                $"it has more than {MostManifests} manifests, more than {MostBytesOfManifests >> 20} MiB of them, or indexes nested deeper than {DeepestIndex}"
            );
        }

        var (bytes, manifest) = await ImageDocuments.ReadAsync(
            files,
            file,
            ImageDocuments.LargestManifest,
            documents => documents.ManifestDocument,
            cancellationToken
        );
        RequireContent(file, digest, bytes);
        var mediaType = MediaTypeOf(descriptor, manifest, file);
        if (MediaTypes.IsIndex(mediaType))
        {
            foreach (var child in manifest.Manifests!)
            {
                await AddManifestAsync(Require(child, file), file.Name, depth + 1, cancellationToken);
            }
        }
        else if (depth > 0 && mayLackPlatforms && !HasBlobs(manifest))
        {
            LacksPlatforms = true;
            return;
        }
        else
        {
            await AddConfigurationAsync(Require(manifest.Config, file), file.Name, cancellationToken);
            foreach (var layer in manifest.Layers!)
            {
                AddLayer(Require(layer, file), file.Name);
            }
        }

        var added = new ImageManifest(digest, mediaType, bytes);
        _manifests.Add(added);
        if (manifest.Config is { Digest: { } configuration })
        {
            _images.Add((added, configuration));
        }
    }

    private bool HasBlobs(ManifestDocument manifest) =>
        manifest
            .Layers!.Append(manifest.Config)
            .All(blob => !Digest.IsDigest(blob?.Digest) || files.Find(Digest.FileName(blob!.Digest!)) is not null);

    private async Task AddConfigurationAsync(Descriptor descriptor, string namedBy, CancellationToken cancellationToken)
    {
        var digest = RequireDigest(descriptor, namedBy);
        if (_blobs.ContainsKey(digest))
        {
            return;
        }

        var file = GetFile(digest, descriptor.Size, namedBy);
        if (file.Length > ImageDocuments.LargestConfiguration)
        {
            throw InvalidImage.Of(
                files.Path,
                $"its configuration {file.Name} has {file.Length} bytes, more than the {ImageDocuments.LargestConfiguration} that one may have"
            );
        }

        RequireContent(file, digest, await file.ReadAsync(ImageDocuments.LargestConfiguration, cancellationToken));
        _blobs.Add(digest, new Blob(digest, file.Open()));
    }

    private void AddLayer(Descriptor descriptor, string namedBy)
    {
        if (MediaTypes.IsForeignLayer(descriptor.MediaType) || descriptor.Urls is [_, ..])
        {
            throw ForeignLayer(files.Path, descriptor.Digest);
        }

        var digest = RequireDigest(descriptor, namedBy);
        HasPlainLayers |= MediaTypes.IsPlainLayer(descriptor.MediaType);
        var file = GetFile(digest, descriptor.Size, namedBy);
        _blobs.TryAdd(digest, new Blob(digest, file.Open()));
    }

    public static PushException ForeignLayer(string path, string? digest) =>
        InvalidImage.Of(
            path,
            $"its layer {InvalidImage.Shown(digest)} is a foreign one, which is no part of the image but to be fetched from elsewhere, and ECR takes none",
            "Build it on a base image whose layers may be distributed."
        );

    private Descriptor Require(Descriptor? descriptor, ImageFile file) =>
        descriptor ?? throw InvalidImage.Of(files.Path, $"{file.Name} has no descriptor where one belongs");

    private string RequireDigest(Descriptor descriptor, string namedBy) =>
        Digest.IsDigest(descriptor.Digest)
            ? descriptor.Digest!
            : throw InvalidImage.Of(
                files.Path,
                $"{namedBy} names something by \"{InvalidImage.Shown(descriptor.Digest)}\", which is no SHA-256 digest, and ECR knows no other"
            );

    private ImageFile GetFile(string digest, long? size, string namedBy)
    {
        var file = files.Get(Digest.FileName(digest), namedBy);
        return file.Length == size
            ? file
            : throw InvalidImage.Of(
                files.Path,
                $"{namedBy} says that {file.Name} has {size?.ToString() ?? "no"} bytes, but it has {file.Length}"
            );
    }

    private void RequireContent(ImageFile file, string digest, byte[] bytes)
    {
        if (Digest.Of(bytes) is var actual && actual != digest)
        {
            throw InvalidImage.Of(files.Path, $"{file.Name} is damaged: its content has the digest {actual}");
        }
    }

    private string MediaTypeOf(Descriptor descriptor, ManifestDocument manifest, ImageFile file)
    {
        var mediaType = descriptor.MediaType ?? manifest.MediaType;
        var isKnown = manifest switch
        {
            { SchemaVersion: not 2 } => false,
            { Manifests: not null, Layers: null, Config: null } => mediaType is not null
                && MediaTypes.IsIndex(mediaType),
            { Manifests: null, Layers: not null } => mediaType is not null && MediaTypes.IsManifest(mediaType),
            _ => false,
        };
        return isKnown && (manifest.MediaType is null || manifest.MediaType == mediaType)
            ? mediaType!
            : throw InvalidImage.Of(
                files.Path,
                $"{file.Name} is of the type {InvalidImage.Shown(mediaType)}, and its content is no manifest or index of that type that can be pushed",
                "Save the image in the format of OCI or of Docker's schema 2."
            );
    }
}
