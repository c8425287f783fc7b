using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Repositories;

/// <summary>Whether a thing is there.</summary>
public enum Presence
{
    Present,

    Absent,

    /// <summary>The caller could not see.</summary>
    NotSeen,
}

/// <summary>What could be seen of the repository and its policy.</summary>
public sealed record RepositoryView
{
    public required Presence Repository { get; init; }

    /// <summary>Whether its tags can be moved; <see langword="null"/> when that was not seen.</summary>
    public TagMutability? TagMutability { get; init; }

    /// <summary>Which tags of the push exist; <see langword="null"/> if unknown.</summary>
    internal ExistingTags? Tags { get; init; }

    public required Presence Policy { get; init; }

    /// <summary>The policy, when it was seen.</summary>
    public PolicyDocument? PolicyDocument { get; init; }

    /// <summary>The repository's resource tags; read only if a policy depends on them.</summary>
    public IReadOnlyDictionary<string, string>? ResourceTags { get; init; }

    /// <summary>The policy of the registry, which applies to all its repositories.</summary>
    public RegistryPolicy RegistryPolicy { get; init; } = RegistryPolicy.NotSeen;

    /// <summary>What could not be seen, and why, each in a phrase.</summary>
    public IReadOnlyList<string> NotSeen { get; init; } = [];

    /// <summary>The rule by which ECR fills the repository from another registry; <see langword="null"/> where none was seen.</summary>
    public PullThroughCache? FilledBy { get; init; }

    /// <summary>The rules by which ECR signs the image with the identity of the caller who pushes.</summary>
    public IReadOnlyList<SigningRule> SignedBy { get; init; } = [];

    /// <summary>Of a repository that is absent: the template by which ECR creates it when an image is pushed to it.</summary>
    public CreationTemplate? CreatedOnPushBy => Creation?.Template;

    /// <summary>Of a repository that is absent: whether a push creates it.</summary>
    internal CreationOnPush? Creation { get; init; }

    /// <summary>The policy of the repository, or that which it will get when the push creates it.</summary>
    internal PolicyDocument? EffectivePolicy => CreatedOnPushBy is null ? PolicyDocument : Creation?.Policy;

    /// <summary>For a missing repository: why the templates could not be read.</summary>
    public string? WhyTemplatesNotSeen => Creation?.WhyNotSeen;

    /// <summary>Of a repository that is absent: other registries of the caller's account or regions that have it.</summary>
    public IReadOnlyList<EcrRegistry> Elsewhere { get; init; } = [];

    /// <summary>Of a repository that is absent: names in its registry that may have been meant.</summary>
    public IReadOnlyList<string> SimilarNames { get; init; } = [];

    /// <summary>Completes the view from another response if the repository itself could not be read.</summary>
    internal RepositoryView SeenAs(Presence presence) =>
        (Repository, presence) switch
        {
            (Presence.NotSeen, Presence.Absent) => this with
            {
                Repository = Presence.Absent,
                Policy = Presence.Absent,
                NotSeen = [],
            },
            (Presence.NotSeen, _) => this with { Repository = presence },
            _ => this,
        };
}
