namespace EcrBuildTasks.Policies.Names;

/// <summary>A repository creation template of a registry.</summary>
/// <param name="Prefix">The namespace that it is for, without the last slash; <c>ROOT</c> for all that have none of their own.</param>
/// <param name="AppliedFor"><c>CREATE_ON_PUSH</c>, <c>PULL_THROUGH_CACHE</c>, <c>REPLICATION</c>.</param>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryCreationTemplate.html</remarks>
public sealed record CreationTemplate(string Prefix, IReadOnlyList<string> AppliedFor)
{
    private const string OnPush = "CREATE_ON_PUSH";

    /// <summary>The template by which ECR creates a repository when an image is pushed to it: that of the longest prefix.</summary>
    public static CreationTemplate? OfPushTo(string repository, IEnumerable<CreationTemplate> templates) =>
        NamespacePrefix.RuleFor(
            repository,
            templates.Where(template => template.AppliedFor.Contains(OnPush, StringComparer.Ordinal)),
            template => template.Prefix
        );
}
