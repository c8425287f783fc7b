using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Repositories;

/// <summary>The repository without its content.</summary>
/// <param name="Presence">Whether it exists.</param>
/// <param name="TagMutability">Whether its tags can be moved; <see langword="null"/> if unknown.</param>
/// <param name="WhyNot">What could not be read, and why.</param>
internal sealed record RepositoryDescription(Presence Presence, TagMutability? TagMutability, string? WhyNot);

/// <param name="Repository">Whether the repository exists, according to the response.</param>
/// <param name="Presence">Whether it has a policy.</param>
/// <param name="Document">The policy, if it could be read.</param>
/// <param name="WhyNot">What could not be read, and why.</param>
internal sealed record RepositoryPolicy(
    Presence Repository,
    Presence Presence,
    PolicyDocument? Document,
    string? WhyNot
);

/// <summary>
/// Reads the repository and its policy; what cannot be read makes the result less certain, but does not fail the build. Tags are
/// read only from a repository that is known to exist: with a pull through cache rule for its name, reading would create it.
/// </summary>
internal sealed class RepositoryLookup(EcrClient ecr, EcrRegistry? registry, string repository, CallLimit limit)
{
    // Of a public registry only the caller's own can be looked at; whether it is that one, the aliases tell.
    private readonly string? _registryId = registry is { Kind: RegistryKind.Private } ? registry.Account : null;

    private Task<RepositoryDescription>? _description;
    private Task<RepositoryPolicy>? _policy;

    /// <summary>Starts the requests, and reports after each response whether the repository exists.</summary>
    public IReadOnlyList<Task<Presence>> Begin(CancellationToken cancellationToken)
    {
        _description = DescribeAsync(cancellationToken);
        _policy = GetPolicyAsync(cancellationToken);
        return [DescribedAsync(_description), NamedAsync(_policy)];
    }

    /// <summary>The result, after <see cref="Begin"/> was called.</summary>
    /// <param name="tags">The tags to look for; empty for a public registry.</param>
    /// <param name="presence">Whether the repository exists.</param>
    public async Task<RepositoryView> CompleteAsync(
        IReadOnlyList<string> tags,
        Task<Presence> presence,
        CancellationToken cancellationToken
    )
    {
        ExistingTags? existing = null;
        if (tags.Count > 0 && await presence is Presence.Present)
        {
            var found = FindTagsAsync(tags, cancellationToken);
            var archived = FindArchivedAsync(tags, (await _description!).TagMutability, cancellationToken);
            existing = (await found)?.With(await archived);
        }

        var (described, mutability, whyNot) = await _description!;
        var policy = await _policy!;
        return new RepositoryView
        {
            Repository = described,
            TagMutability = mutability,
            Tags = existing is null ? null : existing with { Mutability = mutability },
            Policy = policy.Presence,
            PolicyDocument = policy.Document,
            NotSeen = [.. new[] { whyNot, policy.WhyNot }.OfType<string>()],
        }.SeenAs(policy.Repository);
    }

    /// <summary>The existing tags of an image, outside a preflight.</summary>
    /// <returns><see langword="null"/> if they cannot be read.</returns>
    public static async Task<ExistingTags?> FindTagsAsync(
        EcrClient ecr,
        ImageReference image,
        CancellationToken cancellationToken
    )
    {
        var lookup = new RepositoryLookup(ecr, image.Registry, image.Repository, CallLimit.Standard);
        var description = lookup.DescribeAsync(cancellationToken);
        var presence =
            image.Registry.Kind is RegistryKind.Public
                ? Presence.Present
                : await RepositoryPresence.AskAsync(ecr, image, cancellationToken);
        var tags = presence is Presence.Present ? await lookup.FindTagsAsync(image.Tags, cancellationToken) : null;
        return tags is null ? null : tags with { Mutability = (await description).TagMutability };
    }

    private static async Task<Presence> DescribedAsync(Task<RepositoryDescription> description) =>
        (await description).Presence;

    private static async Task<Presence> NamedAsync(Task<RepositoryPolicy> policy) => (await policy).Repository;

    private async Task<RepositoryDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoriesAsync(
                        new() { RegistryId = _registryId, RepositoryNames = [repository] },
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
            return new(Presence.NotSeen, null, $"the repository settings ({WhyNot(failure)})");
        }
    }

    private async Task<ExistingTags?> FindTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        try
        {
            return await limit.RunAsync(
                cancellation => new TagLookup(ecr, registry, repository).RunAsync(tags, cancellation),
                cancellationToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A push needs the same permission, and the probe reports a denial better.
            return null;
        }
    }

    /// <summary>BatchGetImage does not return archived images, but their tags cannot be moved either.</summary>
    private async Task<IReadOnlyList<TaggedImage>> FindArchivedAsync(
        IReadOnlyList<string> tags,
        TagMutability? mutability,
        CancellationToken cancellationToken
    )
    {
        if (mutability is null || !tags.Any(mutability.IsImmutable))
        {
            return [];
        }

        try
        {
            return await limit.RunAsync(
                cancellation => new TagLookup(ecr, registry, repository).FindArchivedAsync(tags, cancellation),
                cancellationToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // No push needs this permission; the push reports an archived image as well.
            return [];
        }
    }

    private async Task<RepositoryPolicy> GetPolicyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await limit.RunAsync(
                cancellation =>
                    ecr.GetRepositoryPolicyAsync(
                        new() { RegistryId = _registryId, RepositoryName = repository },
                        cancellation
                    ),
                cancellationToken
            );
            return new(Presence.Present, Presence.Present, PolicyDocument.Parse(answer.PolicyText ?? ""), null);
        }
        catch (RepositoryPolicyNotFoundException)
        {
            return new(Presence.Present, Presence.Absent, null, null);
        }
        catch (RepositoryNotFoundException)
        {
            return new(Presence.Absent, Presence.Absent, null, null);
        }
        catch (PolicyFormatException failure)
        {
            return new(
                Presence.Present,
                Presence.NotSeen,
                null,
                $"the repository policy, which could not be parsed: {failure.Message}"
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(Presence.NotSeen, Presence.NotSeen, null, $"the repository policy ({WhyNot(failure)})");
        }
    }

    private static TagMutability? MutabilityOf(IReadOnlyList<Repository>? described) =>
        described is [var found, ..]
            ? MutabilityOf(found.ImageTagMutability, found.ImageTagMutabilityExclusionFilters)
            : null;

    internal static TagMutability? MutabilityOf(
        string? mode,
        IReadOnlyList<ImageTagMutabilityExclusionFilter>? filters
    ) => mode is null ? null : new(mode, [.. (filters ?? []).Select(filter => filter.Filter).OfType<string>()]);

    internal static string WhyNot(Exception failure) =>
        failure switch
        {
            AmazonServiceException { ErrorCode: "AccessDeniedException" } => "the caller is not allowed to read it",
            AmazonServiceException { ErrorCode: { Length: > 0 } code } => $"AWS returned {code}",
            _ => failure.Message,
        };
}
