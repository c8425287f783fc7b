using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Whether a push creates a repository that is absent.</summary>
/// <param name="Template">The template by which it is created; <see langword="null"/> where none was seen.</param>
/// <param name="WhyNotSeen">Why it was not seen whether there is one; <see langword="null"/> where it was.</param>
internal sealed record CreationOnPush(CreationTemplate? Template, string? WhyNotSeen)
{
    /// <summary>What was seen of the repository, completed by this.</summary>
    public RepositoryView Complete(RepositoryView seen) =>
        seen with
        {
            CreatedOnPushBy = Template,
            WhyTemplatesNotSeen = WhyNotSeen,
            NotSeen = WhyNotSeen is null
                ? seen.NotSeen
                : [.. seen.NotSeen, $"the repository creation templates ({WhyNotSeen})"],
        };
}
