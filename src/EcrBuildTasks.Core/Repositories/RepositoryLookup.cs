using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Repositories;

/// <summary>The repository without what it holds.</summary>
/// <param name="Presence">Whether it is there.</param>
/// <param name="TagMutability">Whether its tags can be moved; <see langword="null"/> when that was not seen.</param>
/// <param name="WhyNot">What could not be seen, and why.</param>
internal sealed record RepositoryDescription(Presence Presence, TagMutability? TagMutability, string? WhyNot);

/// <param name="Repository">Whether the repository is there, as far as the answer tells.</param>
/// <param name="Presence">Whether it has a policy.</param>
/// <param name="Document">The policy, when it was seen.</param>
/// <param name="WhyNot">What could not be seen, and why.</param>
internal sealed record RepositoryPolicy(
    Presence Repository,
    Presence Presence,
    PolicyDocument? Document,
    string? WhyNot
);

/// <summary>
/// Looks at the repository and its policy; what cannot be seen costs certainty, not the build. Tags are looked for only in a repository
/// that is known to exist: where a pull through cache rule is for its name, looking would create it.
/// </summary>
internal sealed class RepositoryLookup(EcrClient ecr, EcrRegistry? registry, string repository, CallLimit limit)
{
    // Of a public registry only the caller's own can be looked at; whether it is that one, the aliases tell.
    private readonly string? _registryId = registry is { Kind: RegistryKind.Private } ? registry.Account : null;

    private Task<RepositoryDescription>? _description;
    private Task<RepositoryPolicy>? _policy;

    /// <summary>Begins to look, and tells of each answer whether the repository exists.</summary>
    public IReadOnlyList<Task<Presence>> Begin(CancellationToken cancellationToken)
    {
        _description = DescribeAsync(cancellationToken);
        _policy = GetPolicyAsync(cancellationToken);
        return [DescribedAsync(_description), NamedAsync(_policy)];
    }

    /// <summary>What there is to see, once <see cref="Begin"/> was called.</summary>
    /// <param name="tags">The tags to look for; of a public registry none.</param>
    /// <param name="presence">Whether the repository exists.</param>
    public async Task<RepositoryView> CompleteAsync(
        IReadOnlyList<string> tags,
        Task<Presence> presence,
        CancellationToken cancellationToken
    )
    {
        var existing =
            tags.Count > 0 && await presence is Presence.Present ? await FindTagsAsync(tags, cancellationToken) : null;
        var (described, mutability, whyNot) = await _description!;
        var seen = await _policy!;
        return new RepositoryView
        {
            Repository = described,
            TagMutability = mutability,
            Tags = existing is null ? null : existing with { Mutability = mutability },
            Policy = seen.Presence,
            PolicyDocument = seen.Document,
            NotSeen = [.. new[] { whyNot, seen.WhyNot }.OfType<string>()],
        }.SeenAs(seen.Repository);
    }

    /// <summary>What the repository has under the tags of an image, asked outside a preflight.</summary>
    /// <returns><see langword="null"/> if it cannot be seen.</returns>
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
            return new(Presence.NotSeen, null, $"the repository's settings ({WhyNot(failure)})");
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
            // A push needs the same permission, which the probe asks for in better words.
            return null;
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
                $"the repository policy, which cannot be read: {failure.Message}"
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(Presence.NotSeen, Presence.NotSeen, null, $"the repository policy ({WhyNot(failure)})");
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
