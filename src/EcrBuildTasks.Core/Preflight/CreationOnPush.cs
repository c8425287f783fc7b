using EcrBuildTasks.Policies.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>What ECR makes of a push to a repository that is absent.</summary>
/// <param name="Template">The template by which it creates the repository; <see langword="null"/> where none was seen.</param>
/// <param name="WhyNotSeen">Why it was not seen whether there is one; <see langword="null"/> where it was.</param>
internal sealed record CreationOnPush(CreationTemplate? Template, string? WhyNotSeen)
{
    /// <summary>Looks for the template if the repository is absent, by the first answer that tells.</summary>
    /// <param name="templates">Looks for the template.</param>
    /// <param name="description">The repository.</param>
    /// <param name="reads">The answers to the actions that only read in it, if they are asked for.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns><see langword="null"/> where no answer says that it is absent.</returns>
    public static async Task<CreationOnPush?> FindAsync(
        CreationTemplateLookup templates,
        Task<RepositoryDescription> description,
        IEnumerable<Task<ActionVerdict>> reads,
        CancellationToken cancellationToken
    )
    {
        Task<Presence>[] answers = [DescribedAsync(description), .. reads.Select(AnsweredAsync)];
        await foreach (var answer in Task.WhenEach(answers).WithCancellation(cancellationToken))
        {
            if (await answer is not Presence.NotSeen and var presence)
            {
                return presence is Presence.Absent ? await templates.RunAsync(cancellationToken) : null;
            }
        }

        return null;
    }

    private static async Task<Presence> DescribedAsync(Task<RepositoryDescription> description) =>
        (await description).Presence;

    private static async Task<Presence> AnsweredAsync(Task<ActionVerdict> read) =>
        (await read).RawAnswer switch
        {
            "200" => Presence.Present,
            "RepositoryNotFoundException" => Presence.Absent,
            _ => Presence.NotSeen,
        };

    /// <summary>Why nobody asks for an action that writes; <see langword="null"/> where asking creates nothing.</summary>
    public string? WhyNotAsked =>
        Template is not null ? $"not asked: that could create the repository by the creation template {Template.Prefix}"
        : WhyNotSeen is not null ? "not asked: that could create the repository, if a creation template is for it"
        : null;

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
