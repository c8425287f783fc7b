namespace EcrBuildTasks.Policies.Names;

/// <summary>Where an image goes: a repository of a registry, under one or more tags.</summary>
/// <param name="Repository">The repository's name.</param>
/// <param name="Tags">The tags, at least one.</param>
public sealed record ImageReference(EcrRegistry Registry, string Repository, IReadOnlyList<string> Tags)
{
    public string RepositoryArn => Registry.RepositoryArn(Repository);

    /// <summary><c>host/repository</c>, without a tag; with the alias of a public registry between them.</summary>
    public override string ToString() => $"{Registry}/{Repository}";
}
