using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>Looks at the repository and its policy; what cannot be seen costs certainty, not the build.</summary>
internal sealed class RepositoryLookup(EcrClient ecr, ImageReference image)
{
    public async Task<RepositoryView> RunAsync(CancellationToken cancellationToken)
    {
        var repository = DescribeAsync(cancellationToken);
        var policy = GetPolicyAsync(cancellationToken);
        await Task.WhenAll(repository, policy);
        var (presence, whyNot) = await repository;
        var (policyPresence, document, whyNoPolicy) = await policy;
        return new()
        {
            Repository = presence,
            Policy = policyPresence,
            PolicyDocument = document,
            NotSeen = [.. new[] { whyNot, whyNoPolicy }.OfType<string>()],
        };
    }

    private async Task<(Presence Presence, string? WhyNot)> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ecr.DescribeRepositoriesAsync(
                new() { RegistryId = image.Registry.Account, RepositoryNames = [image.Repository] },
                cancellationToken
            );
            return (Presence.Present, null);
        }
        catch (RepositoryNotFoundException)
        {
            return (Presence.Absent, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (Presence.NotSeen, $"the repository's settings ({WhyNot(failure)})");
        }
    }

    private async Task<(Presence Presence, PolicyDocument? Policy, string? WhyNot)> GetPolicyAsync(
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await ecr.GetRepositoryPolicyAsync(
                new() { RegistryId = image.Registry.Account, RepositoryName = image.Repository },
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

    private static string WhyNot(Exception failure) =>
        failure switch
        {
            AmazonServiceException { ErrorCode: "AccessDeniedException" } => "the caller may not read it",
            AmazonServiceException { ErrorCode: { Length: > 0 } code } => $"AWS answered {code}",
            _ => failure.Message,
        };
}
