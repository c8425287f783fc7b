using System.Formats.Tar;
using System.Text.RegularExpressions;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The members of a tar, with their links resolved.</summary>
/// <param name="path">The archive as its owner knows it.</param>
internal sealed partial class TarFiles(string path) : ImageFiles(path)
{
    private const int MostMembers = 100_000;
    private const int MostLinks = 10;

    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

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
            if (!_members.TryGetValue(target, out var member))
            {
                return null;
            }

            if (member.IsAmbiguous)
            {
                throw InvalidImage.Create(Path, $"it contains {InvalidImage.Shown(target)} more than once");
            }

            if (member.Link is null)
            {
                return member.File;
            }

            target =
                Normalize(member.Link)
                ?? throw InvalidImage.Create(
                    Path,
                    $"its file {InvalidImage.Shown(name)} is a link to a target outside the archive: {InvalidImage.Shown(member.Link)}",
                    "Do not push it unless you trust its source."
                );
        }

        throw InvalidImage.Create(Path, $"its file {InvalidImage.Shown(name)} is a link without a target");
    }

    /// <summary>Adds a file or link; other kinds of entries are not part of an image.</summary>
    /// <param name="file">Its content; <see langword="null"/> for a link.</param>
    /// <exception cref="PushException">The archive has too many files.</exception>
    public void Add(TarEntry entry, ImageFile? file)
    {
        // A name that points outside is harmless as long as it cannot be found.
        if (Normalize(entry.Name) is not { } name || (file is null && LinkOf(entry, name) is null))
        {
            return;
        }

        var member = new Member(file, file is null ? LinkOf(entry, name) : null);
        if (_members.TryGetValue(name, out var other))
        {
            // The .NET SDK and other tools write a layer twice if the image contains it twice.
            var isSame =
                member.File?.Length == other.File?.Length && member.Link == other.Link && NamedByDigest().IsMatch(name);
            _members[name] = other with { IsAmbiguous = other.IsAmbiguous || !isSame };
            return;
        }

        if (_members.Count == MostMembers)
        {
            throw InvalidImage.Create(Path, $"it contains more than {MostMembers} files");
        }

        _members.Add(name, member);
    }

    public static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    private static string? LinkOf(TarEntry entry, string name) =>
        entry.EntryType switch
        {
            TarEntryType.HardLink => entry.LinkName,
            TarEntryType.SymbolicLink when entry.LinkName.StartsWith('/') => entry.LinkName,
            TarEntryType.SymbolicLink => $"{name[..(name.LastIndexOf('/') + 1)]}{entry.LinkName}",
            _ => null,
        };

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedByDigest();

    private readonly record struct Member(ImageFile? File, string? Link, bool IsAmbiguous = false);
}
