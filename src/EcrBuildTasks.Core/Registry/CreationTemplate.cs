namespace EcrBuildTasks.Registry;

/// <summary>A repository creation template of a registry.</summary>
/// <param name="Prefix">The namespace that it is for, without the last slash; <c>ROOT</c> for all that have none of their own.</param>
/// <param name="AppliedFor"><c>CREATE_ON_PUSH</c>, <c>PULL_THROUGH_CACHE</c>, <c>REPLICATION</c>.</param>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryCreationTemplate.html</remarks>
public sealed record CreationTemplate(string Prefix, IReadOnlyList<string> AppliedFor)
{
    private const string OnPush = "CREATE_ON_PUSH";
    private const string AnyPrefix = "ROOT";

    /// <summary>The template by which ECR creates a repository when an image is pushed to it: that of the longest prefix.</summary>
    public static CreationTemplate? OfPushTo(string repository, IEnumerable<CreationTemplate> templates) =>
        templates
            .Where(template => template.AppliedFor.Contains(OnPush, StringComparer.Ordinal))
            .Where(template => template.IsRoot || repository.StartsWith(template.Start, StringComparison.Ordinal))
            .MaxBy(template => template.IsRoot ? 0 : template.Start.Length);

    private bool IsRoot => Prefix == AnyPrefix;

    /// <summary>ECR takes a slash at the end for granted.</summary>
    private string Start => Prefix.TrimEnd('/') + '/';
}
