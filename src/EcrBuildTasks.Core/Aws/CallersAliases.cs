namespace EcrBuildTasks.Aws;

/// <summary>
/// The public registry of the caller's own account. The host and alias of a public registry do not identify its owner; this does, for the
/// caller's.
/// </summary>
/// <param name="Account">The 12 digits of the account; empty when it has no public registry yet.</param>
/// <param name="Names">The aliases that are in force.</param>
public sealed record CallersAliases(string Account, IReadOnlyList<string> Names)
{
    /// <summary>Calls AWS; requires <c>ecr-public:DescribeRegistries</c>.</summary>
    /// <param name="ecr">A client of ECR Public.</param>
    public static async Task<CallersAliases> AskAsync(EcrClient ecr, CancellationToken cancellationToken)
    {
        var answer = await ecr.DescribeRegistriesAsync(new(), cancellationToken);
        var registry = answer.Registries?.FirstOrDefault();
        return new(
            registry?.RegistryId ?? "",
            [
                .. (registry?.Aliases ?? [])
                    .Where(alias => alias is { Name: not null, Status: null or "ACTIVE" })
                    .Select(alias => alias.Name!),
            ]
        );
    }

    /// <summary>Whether an alias is one of the caller's.</summary>
    public bool Contains(string alias) => Names.Contains(alias, StringComparer.Ordinal);
}
