using System.Text.RegularExpressions;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>
/// Reads an archive in the format of <c>docker save</c>, as the .NET SDK, ko, Jib and others write it too: its manifest.json
/// names a configuration and layers, and the registry's manifest is made of these.
/// </summary>
internal sealed partial class SavedImages(ImageFiles files, Workspace workspace)
{
    private const string ManifestFile = "manifest.json";

    private readonly Dictionary<string, PackedLayer> _packed = new(StringComparer.Ordinal);

    public static bool IsIn(ImageFiles files) => files.Find(ManifestFile) is not null;

    /// <exception cref="PushException">The manifest.json cannot be read.</exception>
    public async Task<IReadOnlyList<SavedImage>> ReadAsync(CancellationToken cancellationToken)
    {
        var (_, saved) = await ImageDocuments.ReadAsync(
            files,
            files.Get(ManifestFile, "the format"),
            ImageDocuments.LargestConfiguration,
            documents => documents.IReadOnlyListSavedImage,
            cancellationToken
        );
        return [.. saved.OfType<SavedImage>()];
    }

    /// <param name="name">Which of several, by its name with tag; <see langword="null"/> for the only one.</param>
    /// <exception cref="PushException">No image was found, or more than one.</exception>
    public async Task<SavedImage> ChooseAsync(string? name, CancellationToken cancellationToken)
    {
        var images = await ReadAsync(cancellationToken);
        var chosen = name is null
            ? images
            : [.. images.Where(image => NamesOf(image).Contains(name, StringComparer.Ordinal))];
        return chosen switch
        {
            [var image] => image,
            _ when images.Count == 0 => throw InvalidImage.Create(
                files.Path,
                $"its {ManifestFile} does not refer to an image"
            ),
            _ => throw ImageNames.Undecided(
                files.Path,
                name,
                images.Select(image => string.Join(" = ", NamesOf(image)))
            ),
        };

        static IReadOnlyList<string?> NamesOf(SavedImage image) =>
            image.RepoTags is [_, ..] tags ? tags : [image.Config];
    }

    /// <summary>The files of an image, which an engine loads as they are: its configuration and its layers, each once.</summary>
    /// <exception cref="PushException">A file is missing.</exception>
    public IReadOnlyList<ImageFile> FindParts(SavedImage image) =>
        [
            .. (image.Layers ?? [])
                .Prepend(image.Config)
                .Distinct(StringComparer.Ordinal)
                .Select(name => files.Get(name ?? "", ManifestFile)),
        ];

    /// <exception cref="PushException">The image is damaged, incomplete, or of a kind that cannot be pushed.</exception>
    public async Task<ImageContent> OpenAsync(SavedImage image, CancellationToken cancellationToken)
    {
        if (image is not { Config: { } configurationName, Layers: { } layerNames })
        {
            throw InvalidImage.Create(
                files.Path,
                $"its {ManifestFile} contains an image without configuration or layers"
            );
        }

        var (configuration, diffIds) = await ReadConfigurationAsync(configurationName, cancellationToken);
        if (diffIds.Count != layerNames.Count)
        {
            throw InvalidImage.Create(
                files.Path,
                $"its {ManifestFile} lists {layerNames.Count} layers, but its configuration {InvalidImage.Shown(configurationName)} lists {diffIds.Count}"
            );
        }

        var layers = new List<(Blob Blob, LayerEncoding Encoding)>();
        foreach (var (layerName, diffId) in layerNames.Zip(diffIds))
        {
            layers.Add(await OpenLayerAsync(layerName ?? "", diffId, cancellationToken));
        }

        var manifest = NewManifest.Create(configuration, layers);
        return new ImageContent(
            [manifest],
            [
                .. layers
                    .Select(layer => layer.Blob)
                    .Prepend(configuration)
                    .DistinctBy(blob => blob.Digest, StringComparer.Ordinal),
            ]
        );
    }

    private async Task<(Blob Configuration, IReadOnlyList<string?> DiffIds)> ReadConfigurationAsync(
        string name,
        CancellationToken cancellationToken
    )
    {
        var file = files.Get(name, ManifestFile);
        var (bytes, configuration) = await ImageDocuments.ReadAsync(
            files,
            file,
            ImageDocuments.LargestConfiguration,
            documents => documents.ConfigurationDocument,
            cancellationToken
        );
        var digest = Digest.Compute(bytes);
        if (
            ConfigurationName().Match(name) is { Success: true } claim
            && Digest.Prefix + claim.Groups["hex"].Value != digest
        )
        {
            throw InvalidImage.Create(
                files.Path,
                $"its configuration {InvalidImage.Shown(name)} is damaged: the digest of its content is {digest}"
            );
        }

        return (new Blob(digest, file.Open()), configuration.Rootfs?.DiffIds ?? []);
    }

    private async Task<(Blob Blob, LayerEncoding Encoding)> OpenLayerAsync(
        string name,
        string? diffId,
        CancellationToken cancellationToken
    )
    {
        var file = files.Get(name, ManifestFile);
        var encoding = file.Packed is null
            ? LayerEncodings.Detect(await file.ReadAsync(LayerEncodings.MagicLength, cancellationToken))
            : LayerEncoding.Plain;
        if (encoding is not LayerEncoding.Plain)
        {
            return (new Blob(await DigestOfAsync(file, name, cancellationToken), file.Open()), encoding);
        }

        var packed = await PackAsync(file, diffId, cancellationToken);
        return (packed.Blob, LayerEncoding.Gzip);
    }

    /// <summary>The digest that the layer's name claims; computed only when it claims none.</summary>
    private async Task<string> DigestOfAsync(ImageFile file, string name, CancellationToken cancellationToken)
    {
        if (LayerName().Match(name) is { Success: true } claim && !IsOldId(claim.Groups["folder"].Value))
        {
            return Digest.Prefix + claim.Groups["hex"].Value;
        }

        using var content = file.Open();
        return await Digest.ComputeAsync(content, cancellationToken);
    }

    /// <summary>Whether the folder of a layer is named by an ID of the oldest Docker format, which only looks like a digest.</summary>
    private bool IsOldId(string folder) => folder.Length > 0 && files.Find($"{folder}json") is not null;

    private async Task<PackedLayer> PackAsync(ImageFile file, string? diffId, CancellationToken cancellationToken)
    {
        if (diffId is not null && _packed.TryGetValue(diffId, out var known))
        {
            return known;
        }

        var packed = file.Packed ?? await CompressAsync(file, cancellationToken);
        if (packed.DiffId != diffId)
        {
            throw InvalidImage.Create(
                files.Path,
                $"its layer {InvalidImage.Shown(file.Name)} is damaged: the configuration specifies {InvalidImage.Shown(diffId)}, but the digest of its content is {packed.DiffId}"
            );
        }

        return _packed[diffId] = packed;
    }

    private async Task<PackedLayer> CompressAsync(ImageFile file, CancellationToken cancellationToken)
    {
        using var content = file.Open();
        await using var plain = new BlobStream(content);
        try
        {
            return await LayerCompression.RunAsync(start: default, plain, workspace, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Workspace.Failure(files.Path, failure);
        }
    }

    // What the .NET SDK (folder), go-containerregistry and those who use it (.tar.gz) call a layer after its digest.
    [GeneratedRegex(
        "^(?:(?<folder>(?<hex>[0-9a-f]{64})/)layer\\.tar|(?:sha256:|blobs/sha256/)?(?<hex>[0-9a-f]{64})(?:\\.tar\\.gz|\\.tgz)?)\\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LayerName();

    [GeneratedRegex(
        "^(?:sha256:|blobs/sha256/)?(?<hex>[0-9a-f]{64})(?:\\.json)?\\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ConfigurationName();
}
