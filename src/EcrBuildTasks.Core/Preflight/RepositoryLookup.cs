using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>Looks at the repository and its policy; what cannot be seen costs certainty, not the build.</summary>
internal sealed class RepositoryLookup(EcrClient ecr, string? registryId, string repository, CallLimit limit)
{
    public async Task<RepositoryView> RunAsync(CancellationToken cancellationToken)
    {
        var description = DescribeAsync(cancellationToken);
        var policy = GetPolicyAsync(cancellationToken);
        await Task.WhenAll(description, policy);
        var (presence, mutability, whyNot) = await description;
        var (policyPresence, document, whyNoPolicy) = await policy;
        return new()
        {
            Repository = presence,
            TagMutability = mutability,
            Policy = policyPresence,
            PolicyDocument = document,
            NotSeen = [.. new[] { whyNot, whyNoPolicy }.OfType<string>()],
        };
    }

    private async Task<(Presence Presence, TagMutability? TagMutability, string? WhyNot)> DescribeAsync(
        CancellationToken cancellationToken
    )
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
            return (Presence.Present, MutabilityOf(answer.Repositories), null);
        }
        catch (RepositoryNotFoundException)
        {
            return (Presence.Absent, null, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (Presence.NotSeen, null, $"the repository's settings ({WhyNot(failure)})");
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
