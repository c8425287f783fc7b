using System.Formats.Tar;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Push.Images;

/// <summary>The members of a tar file, found by its headers alone: the bytes in between are skipped, not read.</summary>
internal sealed partial class TarFiles : ImageFiles
{
    private const int MostEntries = 100_000;
    private const int MostLinks = 10;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly string _storedAt;

    private TarFiles(string path, string storedAt)
        : base(path) => _storedAt = storedAt;

    /// <param name="path">The archive as its owner knows it.</param>
    /// <param name="storedAt">The tar: the same, or what it was unpacked to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PushException">It is no tar, or it is cut off.</exception>
    public static TarFiles Read(string path, string storedAt, CancellationToken cancellationToken)
    {
        var files = new TarFiles(path, storedAt);
        try
        {
            using var tar = new FileStream(
                storedAt,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 1 << 10
            );
            using var headers = new TarHeaders(tar);
            using var reader = new TarReader(headers);
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                files.Add(entry, tar.Length);
            }
        }
        catch (Exception failure) when (IsOfTar(failure))
        {
            throw InvalidImage.Of(
                path,
                $"it may be cut off or no archive at all: {InvalidImage.Shown(failure.Message)}",
                cause: failure
            );
        }

        return files;
    }

    /// <summary>Whether a failure is one that a damaged tar leads to.</summary>
    public static bool IsOfTar(Exception failure) =>
        failure
            is InvalidDataException
                or IOException
                or UnauthorizedAccessException
                or FormatException
                or ArgumentException
                or InvalidOperationException
                or NotSupportedException
                or OverflowException;

    protected override ImageFile? FindInside(string name)
    {
        var target = name;
        for (var links = 0; links <= MostLinks; links++)
        {
            if (!_entries.TryGetValue(target, out var entry))
            {
                return null;
            }

            if (entry.IsAmbiguous)
            {
                throw InvalidImage.Of(Path, $"it holds {InvalidImage.Shown(target)} more than once");
            }

            if (entry.Link is null)
            {
                return new ImageFile(name, _storedAt, entry.Offset, entry.Length);
            }

            target =
                Normalize(entry.Link)
                ?? throw InvalidImage.Of(
                    Path,
                    $"its member {InvalidImage.Shown(name)} is a link that leads out of it, to {InvalidImage.Shown(entry.Link)}",
                    "Don't push it unless you know who made it."
                );
        }

        throw InvalidImage.Of(Path, $"its member {InvalidImage.Shown(name)} is a link that leads nowhere");
    }

    private void Add(TarEntry tarEntry, long end)
    {
        // A name that leads out is no danger as long as nothing is found under it.
        if (Normalize(tarEntry.Name) is not { } name)
        {
            return;
        }

        if (ToEntry(tarEntry, name) is not { } entry)
        {
            return;
        }

        if (entry.Length < 0 || entry.Offset < 0 || entry.Length > end - entry.Offset)
        {
            throw InvalidImage.Of(
                Path,
                $"it is cut off: its member {InvalidImage.Shown(name)} is said to have {entry.Length} bytes, and the archive ends before"
            );
        }

        if (_entries.TryGetValue(name, out var other))
        {
            // The .NET SDK and others write a layer twice that an image has twice.
            var isSame = entry.Length == other.Length && entry.Link == other.Link && NamedByDigest().IsMatch(name);
            _entries[name] = other with { IsAmbiguous = other.IsAmbiguous || !isSame };
            return;
        }

        if (_entries.Count == MostEntries)
        {
            throw InvalidImage.Of(Path, $"it has more than {MostEntries} members");
        }

        _entries[name] = entry;
    }

    private static Entry? ToEntry(TarEntry entry, string name) =>
        entry.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => new Entry(
                entry.Length > 0 ? entry.DataOffset : 0,
                entry.Length,
                Link: null
            ),
            TarEntryType.HardLink => new Entry(0, 0, entry.LinkName),
            TarEntryType.SymbolicLink => new Entry(
                0,
                0,
                entry.LinkName.StartsWith('/')
                    ? entry.LinkName
                    : $"{name[..(name.LastIndexOf('/') + 1)]}{entry.LinkName}"
            ),
            _ => null,
        };

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedByDigest();

    private readonly record struct Entry(long Offset, long Length, string? Link, bool IsAmbiguous = false);
}
