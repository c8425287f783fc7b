namespace EcrBuildTasks.Tags;

/// <summary>The tags of a repository at one moment, and the digests that they stand for.</summary>
/// <param name="digests">What the registry lists.</param>
/// <param name="own">Version tags that count also where the list does not show them, or not yet.</param>
internal sealed class TagList(IReadOnlyDictionary<string, string> digests, IReadOnlyList<VersionTag> own)
{
    private readonly List<VersionTag> _versions =
    [
        .. digests.Keys.Select(VersionTag.Parse).OfType<VersionTag>(),
        .. own.Where(tag => !digests.ContainsKey(tag.Tag)),
    ];

    /// <summary>The image that a tag points to; <see langword="null"/> if the list does not show it.</summary>
    public string? DigestOf(string tag) => digests.GetValueOrDefault(tag);

    /// <summary>
    /// The tags of the highest version that a floating tag covers: none where it covers no version, several where versions
    /// differ in nothing but their build metadata.
    /// </summary>
    public IReadOnlyList<VersionTag> HighestOf(FloatingTag floating)
    {
        var covered = _versions.Where(tag => floating.Covers(tag.Version)).ToList();
        var highest = covered.Max(tag => tag.Version);
        return [.. covered.Where(tag => tag.Version == highest)];
    }
}
