using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>
/// Finds out whether ECR fills the repository from another registry, which is rarely intended for a push. Requires a permission that no push
/// needs: a denial is treated as no rule.
/// </summary>
internal sealed class PullThroughCacheLookup(EcrClient ecr, string repository)
{
    private const int PageSize = 1000;

    // A build should not wait long for what it does without.
    public CallLimit Limit { get; init; } = new(TimeSpan.FromSeconds(3));

    public async Task<PullThroughCache?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rules = new List<PullThroughCacheRule>();
            string? next = null;
            do
            {
                var page = await Limit.RunAsync(
                    cancellation =>
                        ecr.DescribePullThroughCacheRulesAsync(
                            new() { MaxResults = PageSize, NextToken = next },
                            cancellation
                        ),
                    cancellationToken
                );
                rules.AddRange(page.PullThroughCacheRules ?? []);
                next = page.NextToken;
            } while (next is not null);

            return PullThroughCache.FindFor(
                repository,
                rules.Select(rule => new PullThroughCache(
                    rule.EcrRepositoryPrefix ?? "",
                    rule.UpstreamRegistryUrl ?? "",
                    rule.UpstreamRepositoryPrefix ?? NamespacePrefix.Root
                ))
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }
}
