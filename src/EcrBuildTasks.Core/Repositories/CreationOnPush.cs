using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Whether a push creates a missing repository.</summary>
/// <param name="Template">The template for it; <see langword="null"/> if none was found.</param>
/// <param name="WhyNotSeen">Why the templates could not be read; <see langword="null"/> if they were.</param>
internal sealed record CreationOnPush(CreationTemplate? Template, string? WhyNotSeen)
{
    /// <summary>Whether the tags of the new repository can be moved; <see langword="null"/> if unknown.</summary>
    public TagMutability? TagMutability { get; init; }

    /// <summary>The policy of the new repository.</summary>
    public PolicyDocument? Policy { get; init; }

    /// <summary>Whether the template needs a role that it does not have, so that ECR creates nothing.</summary>
    public bool LacksRole { get; init; }

    /// <summary>The repository view with this information added.</summary>
    public RepositoryView Complete(RepositoryView view) =>
        view with
        {
            Creation = this,
            NotSeen = WhyNotSeen is null
                ? view.NotSeen
                : [.. view.NotSeen, $"the repository creation templates ({WhyNotSeen})"],
        };
}
