using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>A tag and the image that it points to.</summary>
/// <param name="Digest">The digest of the image, <c>sha256:…</c>.</param>
/// <param name="SizeInBytes">The size of its layers and configuration; 0 for an image of several architectures.</param>
internal sealed record TaggedImage(string Tag, string Digest, long SizeInBytes)
{
    /// <summary>Whether the image cannot be pulled until it is restored.</summary>
    public bool IsArchived { get; init; }
}

/// <summary>What the tags of a push mean for it.</summary>
internal enum TagDecision
{
    /// <summary>No tag prevents the push.</summary>
    Push,

    /// <summary>The repository has the image, and nothing has to be pushed.</summary>
    Skip,

    /// <summary>A tag exists and cannot be moved.</summary>
    Fail,
}

/// <summary>What a repository has under the tags of a push.</summary>
/// <param name="Mutability">Which tags can be moved; <see langword="null"/> if that could not be read.</param>
internal sealed record ExistingTags(
    IReadOnlyList<TaggedImage> Present,
    IReadOnlyList<string> Absent,
    TagMutability? Mutability = null
)
{
    /// <summary>The same with archived images, which a request for the tags does not return.</summary>
    public ExistingTags With(IReadOnlyList<TaggedImage> archived) =>
        this with
        {
            Present = [.. Present, .. archived.Where(image => Absent.Contains(image.Tag, StringComparer.Ordinal))],
            Absent = [.. Absent.Where(tag => archived.All(image => image.Tag != tag))],
        };

    public bool HasAll => Absent.Count == 0;

    public bool IsOneImage => Present.DistinctBy(image => image.Digest, StringComparer.Ordinal).Count() == 1;

    /// <summary>The tags that exist and cannot be moved, as far as that could be read.</summary>
    public IReadOnlyList<TaggedImage> Immutable =>
        [.. Present.Where(image => Mutability?.IsImmutable(image.Tag) is true)];

    /// <summary>What they mean for a push of an image that is not built yet, and so most probably another one.</summary>
    public TagDecision Decide(IfTagExists rule) =>
        Immutable.Count == 0 ? TagDecision.Push
        // To skip a tag that does not exist would be to lose it without a message.
        : rule is IfTagExists.Skip && HasAll && Present.All(image => !image.IsArchived) ? TagDecision.Skip
        : TagDecision.Fail;
}
