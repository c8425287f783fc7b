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
                throw InvalidImage.Of(Path, $"it holds {InvalidImage.Shown(target)} more than once");
            }

            if (member.Link is null)
            {
                return member.File;
            }

            target =
                Normalize(member.Link)
                ?? throw InvalidImage.Of(
                    Path,
                    $"its member {InvalidImage.Shown(name)} is a link that leads out of it, to {InvalidImage.Shown(member.Link)}",
                    "Don't push it unless you know who made it."
                );
        }

        throw InvalidImage.Of(Path, $"its member {InvalidImage.Shown(name)} is a link that leads nowhere");
    }

    /// <summary>Adds a member; what is neither a file nor a link does not matter to an image.</summary>
    /// <param name="file">Its content; <see langword="null"/> for a link.</param>
    /// <exception cref="PushException">There are more members than any image has.</exception>
    public void Add(TarEntry entry, ImageFile? file)
    {
        // A name that leads out is no danger as long as nothing is found under it.
        if (Normalize(entry.Name) is not { } name || (file is null && LinkOf(entry, name) is null))
        {
            return;
        }

        var member = new Member(file, file is null ? LinkOf(entry, name) : null);
        if (_members.TryGetValue(name, out var other))
        {
            // The .NET SDK and others write a layer twice that an image has twice.
            var isSame =
                member.File?.Length == other.File?.Length && member.Link == other.Link && NamedByDigest().IsMatch(name);
            _members[name] = other with { IsAmbiguous = other.IsAmbiguous || !isSame };
            return;
        }

        if (_members.Count == MostMembers)
        {
            throw InvalidImage.Of(Path, $"it has more than {MostMembers} members");
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
