using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Whether a push creates a missing repository.</summary>
/// <param name="Template">The template for it; <see langword="null"/> if none was found.</param>
/// <param name="WhyNotSeen">Why the templates could not be read; <see langword="null"/> if they were.</param>
internal sealed record CreationOnPush(CreationTemplate? Template, string? WhyNotSeen)
{
    /// <summary>The repository view with this information added.</summary>
    public RepositoryView Complete(RepositoryView view) =>
        view with
        {
            CreatedOnPushBy = Template,
            WhyTemplatesNotSeen = WhyNotSeen,
            NotSeen = WhyNotSeen is null
                ? view.NotSeen
                : [.. view.NotSeen, $"the repository creation templates ({WhyNotSeen})"],
        };
}
