namespace EcrBuildTasks.Policies.Names;

/// <summary>A repository and the registry that it is in, as people write them.</summary>
/// <param name="Registry">The registry, a public one with its alias; <see langword="null"/> for the caller's own.</param>
/// <param name="Repository">The repository's name.</param>
public sealed record RepositoryAddress(EcrRegistry? Registry, string Repository)
{
    private const string WhereAliasesAre =
        "`aws ecr-public describe-registries --region us-east-1` lists the aliases of your account.";

    /// <summary>
    /// Reads a registry and a repository; the alias of a public registry may stand in front of either's name.
    /// </summary>
    /// <param name="registry">The registry; <see langword="null"/> for the caller's own.</param>
    /// <exception cref="ReferenceFormatException">
    /// One of them cannot be what it is meant to be, or no alias is named.
    /// </exception>
    public static RepositoryAddress Parse(string? registry, string repository) =>
        (registry is null ? null : EcrRegistry.Parse(registry)) switch
        {
            { Kind: RegistryKind.Public, Alias: null } withoutAlias => Split(
                withoutAlias,
                RepositoryName.Parse(repository)
            ),
            { Kind: RegistryKind.Public, Alias: { } name, Host: var host } when repository.Length == 0 =>
                throw new ReferenceFormatException(
                    ReferencePart.Alias,
                    $"{host}/{name}",
                    "names an alias or a repository, and not both",
                    $"Write {host}/<alias>/{name}, or {host}/{name}/<repository>. {WhereAliasesAre}"
                ),
            var other => new(other, RepositoryName.Parse(repository)),
        };

    private static RepositoryAddress Split(EcrRegistry registry, string path) =>
        registry.TakeAlias(path) is ({ HasAllowedAlias: true } named, { Length: > 0 } repository)
            ? new(named, RepositoryName.Parse(repository))
            : throw new ReferenceFormatException(
                ReferencePart.Alias,
                $"{registry.Host}/{path}",
                "names no alias of a public registry",
                $"Write {registry.Host}/<alias> as the registry, or <alias>/{path} as the repository. {WhereAliasesAre}"
            );
}
