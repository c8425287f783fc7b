using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>The repository without what it holds.</summary>
/// <param name="Presence">Whether it is there.</param>
/// <param name="TagMutability">Whether its tags can be moved; <see langword="null"/> when that was not seen.</param>
/// <param name="WhyNot">What could not be seen, and why.</param>
internal sealed record RepositoryDescription(Presence Presence, TagMutability? TagMutability, string? WhyNot);

/// <summary>Looks at the repository and its policy; what cannot be seen costs certainty, not the build.</summary>
internal sealed class RepositoryLookup(EcrClient ecr, EcrRegistry? registry, string repository, CallLimit limit)
{
    // Of a public registry only the caller's own can be looked at; whether it is that one, the aliases tell.
    private readonly string? registryId = registry is { Kind: RegistryKind.Private } ? registry.Account : null;

    /// <param name="tags">The tags to look for; of a public registry none.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public Task<RepositoryView> RunAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        RunAsync(DescribeAsync(cancellationToken), tags, cancellationToken);

    /// <param name="description">What <see cref="DescribeAsync"/> is about to tell.</param>
    /// <param name="tags">The tags to look for; of a public registry none.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task<RepositoryView> RunAsync(
        Task<RepositoryDescription> description,
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    )
    {
        var policy = GetPolicyAsync(cancellationToken);
        var existing = FindTagsAsync(tags, cancellationToken);
        await Task.WhenAll(description, policy, existing);
        var (presence, mutability, whyNot) = await description;
        var (policyPresence, document, whyNoPolicy) = await policy;
        return new()
        {
            Repository = presence,
            TagMutability = mutability,
            Tags = await existing,
            Policy = policyPresence,
            PolicyDocument = document,
            NotSeen = [.. new[] { whyNot, whyNoPolicy }.OfType<string>()],
        };
    }

    public async Task<RepositoryDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoriesAsync(
                        new() { RegistryId = registryId, RepositoryNames = [repository] },
                        cancellation
                    ),
                cancellationToken
            );
            return new(Presence.Present, MutabilityOf(answer.Repositories), null);
        }
        catch (RepositoryNotFoundException)
        {
            return new(Presence.Absent, null, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(Presence.NotSeen, null, $"the repository's settings ({WhyNot(failure)})");
        }
    }

    private async Task<ExistingTags?> FindTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count == 0)
        {
            return null;
        }

        try
        {
            return await limit.RunAsync(
                cancellation => new TagLookup(ecr, registry, repository).RunAsync(tags, cancellation),
                cancellationToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A push needs the same permission, which the probe asks for in better words.
            return null;
        }
    }

    private async Task<(Presence Presence, PolicyDocument? Policy, string? WhyNot)> GetPolicyAsync(
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await limit.RunAsync(
                cancellation =>
                    ecr.GetRepositoryPolicyAsync(
                        new() { RegistryId = registryId, RepositoryName = repository },
                        cancellation
                    ),
                cancellationToken
            );
            return (Presence.Present, PolicyDocument.Parse(answer.PolicyText ?? ""), null);
        }
        catch (Exception failure) when (failure is RepositoryPolicyNotFoundException or RepositoryNotFoundException)
        {
            return (Presence.Absent, null, null);
        }
        catch (PolicyFormatException failure)
        {
            return (Presence.NotSeen, null, $"the repository policy, which cannot be read: {failure.Message}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (Presence.NotSeen, null, $"the repository policy ({WhyNot(failure)})");
        }
    }

    private static TagMutability? MutabilityOf(IReadOnlyList<Repository>? described) =>
        described is [{ ImageTagMutability: { } mode } seen, ..]
            ? new(
                mode,
                [.. (seen.ImageTagMutabilityExclusionFilters ?? []).Select(filter => filter.Filter).OfType<string>()]
            )
            : null;

    internal static string WhyNot(Exception failure) =>
        failure switch
        {
            AmazonServiceException { ErrorCode: "AccessDeniedException" } => "the caller may not read it",
            AmazonServiceException { ErrorCode: { Length: > 0 } code } => $"AWS answered {code}",
            _ => failure.Message,
        };
}
