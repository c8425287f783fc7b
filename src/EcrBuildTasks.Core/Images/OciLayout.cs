using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>
/// Reads an OCI image layout (OCI image specification, "Image Layout"): its manifests stay as they are, byte for byte.
/// </summary>
/// <param name="mayLackPlatforms">Whether an index may refer to missing images, which are skipped.</param>
/// <param name="baseLayer">
/// Opens a layer that is not in the layout, by its digest and its size in bytes; without it, all layers have to be there.
/// </param>
internal sealed class OciLayout(
    ImageFiles files,
    bool mayLackPlatforms = false,
    Func<string, long, BlobContent>? baseLayer = null
)
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

    /// <summary>Whether an image was skipped.</summary>
    public bool LacksPlatforms { get; private set; }

    public bool HasPlainLayers { get; private set; }

    public static bool IsIn(ImageFiles files) =>
        files.Find(IndexFile) is not null && files.Find("oci-layout") is not null;

    /// <summary>The descriptor of the image to push.</summary>
    /// <param name="name">Which of several; <see langword="null"/> for the only one.</param>
    /// <exception cref="PushException">No image was found, or more than one.</exception>
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
            ? InvalidImage.Create(files.Path, $"its {IndexFile} does not refer to an image")
            : ImageNames.Undecided(files.Path, name, images.Select(ImageNames.Describe));
    }

    /// <exception cref="PushException">The image is damaged, incomplete, or not supported.</exception>
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
            throw InvalidImage.Create(
                files.Path,
                $"it has more than {MostManifests} manifests, more than {MostBytesOfManifests >> 20} MiB of manifests, or more than {DeepestIndex} levels of nested indexes"
            );
        }

        var (bytes, manifest) = await ImageDocuments.ReadAsync(
            files,
            file,
            ImageDocuments.LargestManifest,
            documents => documents.ManifestDocument,
            cancellationToken
        );
        RequireContent(file.Name, digest, Digest.Compute(bytes));
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
            .All(blob =>
                !Digest.IsDigest(blob?.Digest)
                || blob!.IsForeign
                || blob.Data is not null
                || files.Find(Digest.FileName(blob.Digest!)) is not null
            );

    private async Task AddConfigurationAsync(Descriptor descriptor, string namedBy, CancellationToken cancellationToken)
    {
        var digest = RequireDigest(descriptor, namedBy);
        if (_blobs.ContainsKey(digest))
        {
            return;
        }

        var content = OpenBlob(descriptor, digest, namedBy);
        RequireContent(Digest.FileName(digest), digest, await Digest.ComputeAsync(content, cancellationToken));
        AddBlob(digest, content);
    }

    private void AddLayer(Descriptor descriptor, string namedBy)
    {
        var digest = RequireDigest(descriptor, namedBy);
        HasPlainLayers |= MediaTypes.IsPlainLayer(descriptor.MediaType);
        var isAbsent = descriptor.Data is null && files.Find(Digest.FileName(digest)) is null;
        if (_blobs.ContainsKey(digest) || (isAbsent && descriptor.IsForeign))
        {
            return;
        }

        AddBlob(
            digest,
            isAbsent && baseLayer is not null && descriptor.Size >= 0
                ? baseLayer(digest, descriptor.Size.Value)
                : OpenBlob(descriptor, digest, namedBy)
        );
    }

    /// <summary>Opens a blob that is a file, or in its descriptor.</summary>
    private BlobContent OpenBlob(Descriptor descriptor, string digest, string namedBy)
    {
        if (descriptor.Data is not { } data || files.Find(Digest.FileName(digest)) is not null)
        {
            return GetFile(digest, descriptor.Size, namedBy).Open();
        }

        var bytes = new byte[data.Length];
        return
            Convert.TryFromBase64String(data, bytes, out var length)
            && length == descriptor.Size
            && Digest.Compute(bytes.AsSpan(0, length)) == digest
            ? new InlineContent(bytes.AsMemory(0, length))
            : throw InvalidImage.Create(
                files.Path,
                $"the data that {namedBy} contains for {digest} does not have this digest and size"
            );
    }

    private void AddBlob(string digest, BlobContent content) =>
        _blobs.Add(
            digest,
            content.Length > 0
                ? new Blob(digest, content)
                : throw InvalidImage.Create(
                    files.Path,
                    $"its layer {digest} has 0 bytes, and Amazon ECR does not accept empty layers",
                    "Give the layer content: an artifact can use the two bytes {}."
                )
        );

    private Descriptor Require(Descriptor? descriptor, ImageFile file) =>
        descriptor ?? throw InvalidImage.Create(files.Path, $"{file.Name} lacks a required descriptor");

    private string RequireDigest(Descriptor descriptor, string namedBy) =>
        Digest.IsDigest(descriptor.Digest)
            ? descriptor.Digest!
            : throw InvalidImage.Create(
                files.Path,
                $"{namedBy} contains the digest \"{InvalidImage.Shown(descriptor.Digest)}\", but Amazon ECR supports only SHA-256 digests"
            );

    private ImageFile GetFile(string digest, long? size, string namedBy)
    {
        var file = files.Get(Digest.FileName(digest), namedBy);
        return file.Length == size
            ? file
            : throw InvalidImage.Create(
                files.Path,
                $"{namedBy} specifies {size?.ToString() ?? "no"} bytes for {file.Name}, but the file has {file.Length}"
            );
    }

    private void RequireContent(string name, string digest, string actual)
    {
        if (actual != digest)
        {
            throw InvalidImage.Create(files.Path, $"{name} is damaged: the digest of its content is {actual}");
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
            : throw InvalidImage.Create(
                files.Path,
                $"{file.Name} has the media type {InvalidImage.Shown(mediaType)}, but its content is not a supported manifest or index of that type",
                "Save the image in OCI or Docker schema 2 format."
            );
    }

    /// <summary>A small blob, in memory.</summary>
    private sealed class InlineContent(ReadOnlyMemory<byte> bytes) : BlobContent
    {
        public override long Length => bytes.Length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
        {
            var left = bytes[(int)Math.Min(offset, bytes.Length)..];
            var count = Math.Min(buffer.Length, left.Length);
            left[..count].CopyTo(buffer);
            return ValueTask.FromResult(count);
        }

        public override void Dispose() { }
    }
}
