using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>What an archive in <c>docker save</c> format says of its image, read before an engine is bothered with it.</summary>
/// <param name="Names">The names that an engine gives the image when it loads the archive.</param>
/// <param name="SizeInBytes">Configuration and layers as they are stored.</param>
internal sealed record DockerArchive(IReadOnlyList<string> Names, long SizeInBytes)
{
    /// <summary>Opens the archive's tar, unpacked if it is gzipped (Podman does not accept a gzipped archive).</summary>
    public static Stream Open(string path)
    {
        var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 1 << 16,
            }
        );
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <returns><see langword="null"/> for an OCI layout, which only newer engines load as it is.</returns>
    /// <exception cref="PushException">The archive is missing, damaged, or holds no image or several.</exception>
    public static async Task<DockerArchive?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadEntriesAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Invalid($"The image archive {path} does not exist.", e);
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or EndOfStreamException
                        or JsonException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw Invalid(
                $"The image archive {path} cannot be read. It may be truncated or not an archive: {e.Message}",
                e
            );
        }
    }

    private static async Task<DockerArchive?> ReadEntriesAsync(string path, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        ManifestEntry[]? manifest = null;
        var isOciLayout = false;
        await using var stream = Open(path);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            sizes[entry.Name] = entry.Length;
            isOciLayout |= entry.Name is "oci-layout" or "index.json";
            if (entry is { Name: "manifest.json", DataStream: { } data })
            {
                manifest = await JsonSerializer.DeserializeAsync(
                    data,
                    DockerArchiveJson.Default.ManifestEntryArray,
                    cancellationToken
                );
            }
        }

        return manifest switch
        {
            null when isOciLayout => null,
            null => throw Invalid(
                $"{path} is not an image archive: it does not contain a manifest.json in the format of `docker save`."
            ),
            [{ Config: { } config, Layers: { } layers } image] => new DockerArchive(
                image.RepoTags ?? [],
                layers.Append(config).Distinct(StringComparer.Ordinal).Sum(Size)
            ),
            [_] => throw Invalid($"The manifest.json of the image archive {path} has no configuration or no layers."),
            _ => throw Invalid(
                $"The image archive {path} contains {manifest.Length} images, but only one can be pushed."
            ),
        };

        long Size(string name) =>
            sizes.TryGetValue(name, out var size)
                ? size
                : throw Invalid(
                    $"The image archive {path} does not contain {name}, which its manifest.json refers to."
                );
    }

    private static PushException Invalid(string message, Exception? innerException = null) =>
        new(EcrCode.ArchiveInvalid, message, innerException: innerException);

    internal sealed record ManifestEntry(string? Config, string[]? RepoTags, string[]? Layers);
}

[JsonSerializable(typeof(DockerArchive.ManifestEntry[]))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext;
