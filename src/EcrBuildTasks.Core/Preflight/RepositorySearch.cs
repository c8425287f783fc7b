using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Searches for a missing repository in the caller's account and regions, and under similar names. A few parallel calls; a
/// failed or denied call finds nothing.
/// </summary>
/// <param name="session">The session for the calls.</param>
/// <param name="regions">The regions to search, most likely first.</param>
internal sealed class RepositorySearch(AwsSession session, IReadOnlyList<string> regions)
{
    private const int MostCalls = 3;
    private const int MostNames = 3;
    private const int PageSize = 1000;

    // A build that fails anyway should not wait long for a hint.
    public CallLimit Limit { get; init; } = new(TimeSpan.FromSeconds(3));

    /// <summary>
    /// The report, completed for a repository that does not exist, or that is denied in another account's registry; any other costs
    /// no call.
    /// </summary>
    public async Task<PreflightReport> RunAsync(PreflightReport report, CancellationToken cancellationToken)
    {
        if (
            report.Denied.Count > 0
                ? !report.IsCrossAccount
                : report.Repository is not { Repository: Presence.Absent, CreatedOnPushBy: null }
        )
        {
            return report;
        }

        var (registry, name) = (report.Image.Registry, report.Image.Repository);
        // Another account's registry can hardly be listed.
        var isOwn = report.Caller.Account == registry.Account;
        var similar = isOwn ? FindSimilarAsync(registry, name, cancellationToken) : Task.FromResult<string[]>([]);
        var places = Places(registry, report.Caller.Account, report.Denied.Count > 0)
            .Take(isOwn ? MostCalls - 1 : MostCalls)
            .ToList();
        var found = await Task.WhenAll(places.Select(place => IsInAsync(place, name, cancellationToken)));
        return report with
        {
            Repository = report.Repository with
            {
                Elsewhere = [.. places.Zip(found).Where(pair => pair.Second).Select(pair => pair.First)],
                SimilarNames = await similar,
            },
        };
    }

    private IEnumerable<EcrRegistry> Places(EcrRegistry registry, string callerAccount, bool isDenied)
    {
        if (registry is not { Kind: RegistryKind.Private, Partition.IsKnown: true })
        {
            return [];
        }

        string[] accounts =
            callerAccount.Length == 0 ? [registry.Account]
            // What is denied in one region, a registry hardly shows in another.
            : isDenied ? [callerAccount]
            : [callerAccount, registry.Account];
        return accounts
            .SelectMany(account =>
                regions
                    .Where(region => AwsPartition.OfRegion(region) == registry.Partition)
                    .Append(registry.Region)
                    .Select(region => EcrRegistry.Create(account, region, registry.IsFips, registry.IsDualStack))
            )
            .Distinct()
            .Where(place => place != registry);
    }

    private async Task<bool> IsInAsync(EcrRegistry place, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var ecr = session.CreateEcrClient(place);
            await Limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoriesAsync(
                        new() { RegistryId = place.Account, RepositoryNames = [name] },
                        cancellation
                    ),
                cancellationToken
            );
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<string[]> FindSimilarAsync(
        EcrRegistry registry,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var ecr = session.CreateEcrClient(registry);
            var answer = await Limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoriesAsync(
                        new() { RegistryId = registry.Account, MaxResults = PageSize },
                        cancellation
                    ),
                cancellationToken
            );
            string[] names = [.. (answer.Repositories ?? []).Select(repository => repository.RepositoryName ?? "")];
            return
            [
                .. names
                    .Where(candidate => LastPart(candidate) == LastPart(name))
                    .Concat(NearNames.Find(name, names, Math.Max(2, name.Length / 4)))
                    .Distinct(StringComparer.Ordinal)
                    .Take(MostNames),
            ];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return [];
        }
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];
}
