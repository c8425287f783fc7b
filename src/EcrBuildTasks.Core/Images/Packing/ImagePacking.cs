using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Images.Packing;

/// <summary>How an application becomes layers of its image.</summary>
public enum ApplicationLayers
{
    /// <summary>By how often they change: .NET, packages, the project.</summary>
    Split,

    /// <summary>The one layer that the .NET SDK makes.</summary>
    Single,
}

/// <summary>
/// Packs an image that the .NET SDK has described but not written: an OCI layout with manifest, configuration and the layers of
/// the application. The layers of the base image stay in its registry.
/// </summary>
public sealed class ImagePacking
{
    /// <summary>Changes when the same files give other layers.</summary>
    private const int Version = 1;

    /// <summary>The first second of the year 2100: a value in milliseconds is a mistake.</summary>
    private const long LatestEpoch = 4_102_444_800;

    private const string TimesFile = "times.txt";
    private const string KnownLayersFile = "layers.txt";

    /// <summary>The manifest that the SDK has made.</summary>
    public required string Manifest { get; init; }

    /// <summary>The configuration that the SDK has made.</summary>
    public required string Configuration { get; init; }

    /// <summary>The publish output; <see langword="null"/> to take the layer that the SDK has made of it.</summary>
    public string? PublishFolder { get; init; }

    /// <summary>What the build knows of the files in it.</summary>
    public IReadOnlyList<PublishItem> Items { get; init; } = [];

    /// <summary>Where packages are restored to.</summary>
    public IReadOnlyList<string> PackageFolders { get; init; } = [];

    /// <summary>The layout to write. Layers of an earlier image in it are used again.</summary>
    public required string Layout { get; init; }

    public required EnvironmentVariables Environment { get; init; }

    /// <summary>Writes the layout.</summary>
    /// <returns>The layers of the application, from the lowest, in words.</returns>
    /// <exception cref="PushException">A file cannot be read or written, or the SDK has made something else.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var image = new GeneratedImage(Manifest, Configuration);
            var blobs = Directory.CreateDirectory(Path.Combine(Layout, "blobs", "sha256")).FullName;
            var layer = FindSdkLayer(image.ApplicationLayer);
            IReadOnlyList<(ApplicationPart, PackedLayer Packed)> layers = [];
            if (PublishFolder is null)
            {
                File.Copy(layer, Path.Combine(Layout, Digest.FileName(image.ApplicationLayer)), overwrite: true);
            }
            else
            {
                var epoch = ReadEpoch();
                var files = ReadFiles(epoch);
                layers = await PackAsync(LayerTemplate.Read(layer), files, blobs, cancellationToken);
                image.Replace(layers);
                image.SetCreated(epoch ?? files.Max(file => file.Changed));
            }

            var (manifest, mediaType, configuration) = image.Write();
            var digest = await WriteAsync(manifest);
            string[] kept =
            [
                digest,
                await WriteAsync(configuration),
                .. layers.Select(packed => packed.Packed.Blob.Digest),
                image.ApplicationLayer,
            ];
            await WriteTextAsync("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
            await WriteTextAsync(
                "index.json",
                $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{JsonEncodedText.Encode(mediaType)}}","digest":"{{digest}}","size":{{manifest.Length}}}]}"""
            );
            foreach (
                var file in Directory
                    .EnumerateFiles(blobs)
                    .Where(file => !kept.Contains(Digest.Prefix + Path.GetFileName(file), StringComparer.Ordinal))
            )
            {
                File.Delete(file);
            }

            return
            [
                .. layers.Select(packed =>
                    $"{packed.Item1.ToString().ToLowerInvariant()} {packed.Packed.Blob.ShortId}, {packed.Packed.Blob.Size} bytes"
                ),
            ];
        }
        catch (Exception failure)
            when (failure
                    is IOException
                        or UnauthorizedAccessException
                        or InvalidDataException
                        or JsonException
                        or InvalidOperationException
                        or AggregateException
            )
        {
            throw InvalidImage.Create(
                PublishFolder ?? Layout,
                failure.GetBaseException().Message.TrimEnd('.'),
                cause: failure
            );
        }

        async Task<string> WriteAsync(byte[] document)
        {
            var digest = Digest.Compute(document);
            await File.WriteAllBytesAsync(Path.Combine(Layout, Digest.FileName(digest)), document, cancellationToken);
            return digest;
        }

        // A build that is killed leaves no half of a file that names others.
        async Task WriteTextAsync(string name, string text)
        {
            var path = Path.Combine(Layout, name);
            await File.WriteAllTextAsync($"{path}.new", text, cancellationToken);
            File.Move($"{path}.new", path, overwrite: true);
        }
    }

    /// <summary>A publish writes some files again that are the same as before, so their times are kept.</summary>
    private ApplicationFile[] ReadFiles(DateTimeOffset? epoch)
    {
        var times = Path.Combine(Layout, TimesFile);
        var earlier = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var line in File.Exists(times) ? File.ReadAllLines(times) : [])
        {
            if (
                line.Split(' ', 2) is [var seconds, var key]
                && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                && time < LatestEpoch
            )
            {
                earlier[key] = DateTimeOffset.FromUnixTimeSeconds(time);
            }
        }

        ApplicationFile[] files =
        [
            .. ApplicationFiles
                .Find(PublishFolder!, Items, PackageFolders)
                .AsParallel()
                .AsOrdered()
                .Select(file => file.Read(epoch, earlier)),
        ];
        if (epoch is null)
        {
            File.WriteAllLines(
                times,
                files
                    .Where(file => file is { Part: ApplicationPart.Application, Path: not null })
                    .Select(file => $"{file.Changed.ToUnixTimeSeconds()} {file.TimeKey}")
            );
        }

        return files;
    }

    private async Task<IReadOnlyList<(ApplicationPart, PackedLayer)>> PackAsync(
        LayerTemplate template,
        ApplicationFile[] files,
        string blobs,
        CancellationToken cancellationToken
    )
    {
        var knownLayers = Path.Combine(Layout, KnownLayersFile);
        var known = File.Exists(knownLayers)
            ? (await File.ReadAllLinesAsync(knownLayers, cancellationToken)).Select(line => line.Split(' ')).ToList()
            : [];
        var parts = files.GroupBy(file => file.Part).OrderBy(part => part.Key).ToList();
        var layers = await Task.WhenAll(parts.Select(part => PackPartAsync([.. part])));
        await File.WriteAllLinesAsync(
            knownLayers,
            layers.Select(layer => $"{layer.Key} {layer.Packed.DiffId} {layer.Packed.Blob.Digest}"),
            cancellationToken
        );
        return [.. parts.Zip(layers, (part, layer) => (part.Key, layer.Packed))];

        async Task<(string Key, PackedLayer Packed)> PackPartAsync(IReadOnlyList<ApplicationFile> part)
        {
            var key = KeyOf(template, part);
            if (
                known.Find(line => line is [var other, _, _] && other == key) is [_, var diffId, var digest]
                && Digest.IsDigest(diffId)
                && Digest.IsDigest(digest)
                && new FileInfo(Path.Combine(Layout, Digest.FileName(digest))) is { Exists: true } file
            )
            {
                return (key, new(new(digest, new FileRange(file.FullName, 0, file.Length)), diffId));
            }

            var packed = await LayerTar.PackAsync(template, part, Path.Combine(blobs, $"{key}.new"), cancellationToken);
            var path = Path.Combine(Layout, Digest.FileName(packed.Blob.Digest));
            File.Move(Path.Combine(blobs, $"{key}.new"), path, overwrite: true);
            return (key, packed with { Blob = new(packed.Blob.Digest, new FileRange(path, 0, packed.Blob.Size)) });
        }
    }

    /// <summary>What the bytes of a layer depend on.</summary>
    private static string KeyOf(LayerTemplate template, IReadOnlyList<ApplicationFile> files)
    {
        using var key = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        key.AppendData(Encoding.UTF8.GetBytes($"{Version} {template}\n"));
        foreach (var file in files)
        {
            key.AppendData(
                Encoding.UTF8.GetBytes($"{file.Name}\0{file.Path is null}{file.Changed.ToUnixTimeSeconds()}\0")
            );
            key.AppendData(file.Hash.Span);
        }

        return Convert.ToHexStringLower(key.GetHashAndReset());
    }

    /// <remarks>https://reproducible-builds.org/specs/source-date-epoch/</remarks>
    private DateTimeOffset? ReadEpoch()
    {
        const string Variable = "SOURCE_DATE_EPOCH";
        return Environment[Variable] switch
        {
            null => null,
            var text
                when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && seconds < LatestEpoch => DateTimeOffset.FromUnixTimeSeconds(seconds),
            var text => throw new DiagnosedException(SettingDiagnosis.EpochInvalid(text)),
        };
    }

    /// <summary>The layer that the .NET SDK has made last: it keeps layers in the user's cache folder, by their digests.</summary>
    /// <exception cref="PushException">It is not there.</exception>
    private string FindSdkLayer(string digest)
    {
        var name = Path.Combine("Containers", "Content", $"{digest[Digest.Prefix.Length..]}.tar.gz");
        string[] folders =
        [
            Path.Combine(CacheFolder(), "dotnet"),
            // Until 10.0.1xx.
            Path.GetTempPath(),
        ];
        return Array.Find([.. folders.Select(folder => Path.Combine(folder, name))], File.Exists)
            ?? throw InvalidImage.Create(
                Layout,
                $"the .NET SDK did not leave its layer {digest} in {folders[0]}",
                "Set ContainerArchiveOutputPath to push from an archive."
            );
    }

    private string CacheFolder() =>
        OperatingSystem.IsWindows() ? Environment["LOCALAPPDATA"] ?? Environment.InHome("AppData", "Local")
        : OperatingSystem.IsMacOS() ? Environment.InHome("Library", "Caches")
        : Environment["XDG_CACHE_HOME"] is { } cache && Path.IsPathFullyQualified(cache) ? cache
        : Environment.InHome(".cache");
}
