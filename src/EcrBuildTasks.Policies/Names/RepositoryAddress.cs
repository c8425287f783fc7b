namespace EcrBuildTasks.Policies.Names;

/// <summary>A repository and its registry, as typed by the user.</summary>
/// <param name="Registry">The registry, a public one with its alias; <see langword="null"/> for the caller's own.</param>
/// <param name="Repository">The repository's name.</param>
public sealed record RepositoryAddress(EcrRegistry? Registry, string Repository)
{
    private const string WhereAliasesAre =
        "`aws ecr-public describe-registries --region us-east-1` lists the aliases of your account.";

    /// <summary>
    /// Reads a registry and a repository; the alias of a public registry can be part of either.
    /// </summary>
    /// <param name="registry">The registry; <see langword="null"/> for the caller's own.</param>
    /// <exception cref="ReferenceFormatException">
    /// One of them is invalid, or the alias is missing.
    /// </exception>
    public static RepositoryAddress Parse(string? registry, string repository) =>
        (registry is null ? null : EcrRegistry.Parse(registry)) switch
        {
            { Kind: RegistryKind.Public, Alias: null } withoutAlias => Split(
                withoutAlias,
                RepositoryName.Parse(repository, RegistryKind.Public)
            ),
            { Kind: RegistryKind.Public, Alias: { } name, Host: var host } when repository.Length == 0 =>
                throw new ReferenceFormatException(
                    ReferencePart.Alias,
                    $"{host}/{name}",
                    "contains an alias or a repository, but not both",
                    $"Write {host}/<alias>/{name}, or {host}/{name}/<repository>. {WhereAliasesAre}"
                ),
            var other => new(other, RepositoryName.Parse(repository, other?.Kind ?? RegistryKind.Private)),
        };

    private static RepositoryAddress Split(EcrRegistry registry, string path) =>
        registry.TakeAlias(path) is ({ HasAllowedAlias: true } named, { Length: > 0 } repository)
            ? new(named, RepositoryName.Parse(repository, named.Kind))
            : throw new ReferenceFormatException(
                ReferencePart.Alias,
                $"{registry.Host}/{path}",
                "does not contain a valid alias of a public registry",
                $"Write {registry.Host}/<alias> as the registry, or <alias>/{path} as the repository. {WhereAliasesAre}"
            );
}
