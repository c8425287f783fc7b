using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>A tag, and the image that it stands for.</summary>
/// <param name="Digest">The digest of the image, <c>sha256:…</c>.</param>
/// <param name="SizeInBytes">The size of its layers and configuration; 0 for an image of several architectures.</param>
internal sealed record TaggedImage(string Tag, string Digest, long SizeInBytes);

/// <summary>What the tags of a push mean for it.</summary>
internal enum TagDecision
{
    /// <summary>None is in the way.</summary>
    Push,

    /// <summary>The image is there, and nothing has to be pushed.</summary>
    Skip,

    /// <summary>A tag is in the way.</summary>
    Fail,
}

/// <summary>Which of the tags of a push the repository has.</summary>
/// <param name="There">Those that it has.</param>
/// <param name="Absent">Those that it has not.</param>
internal sealed record ExistingTags(IReadOnlyList<TaggedImage> There, IReadOnlyList<string> Absent)
{
    /// <summary>The tags that exist and cannot be moved.</summary>
    /// <param name="mutability">What the repository lets be moved; where that was not seen, nothing is known to be in the way.</param>
    public IReadOnlyList<TaggedImage> StuckBy(TagMutability? mutability) =>
        [.. There.Where(image => mutability?.IsImmutable(image.Tag) is true)];

    /// <summary>What they mean for a push of an image that is not built yet, and so most probably another one.</summary>
    public TagDecision Decide(TagMutability? mutability, IfTagExists rule) =>
        StuckBy(mutability).Count == 0 ? TagDecision.Push
        // To skip a tag that is not there would be to lose it in silence.
        : rule is IfTagExists.Skip && Absent.Count == 0 ? TagDecision.Skip
        : TagDecision.Fail;
}
