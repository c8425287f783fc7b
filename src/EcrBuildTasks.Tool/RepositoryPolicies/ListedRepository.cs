using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>A repository in a list; facts that the caller is not allowed to read are unknown.</summary>
/// <param name="IsLastPushSeen">Whether its images could be read.</param>
/// <param name="LastPush">When an image was pushed last; <see langword="null"/> for never or unknown.</param>
/// <param name="Policy">Whether it has a policy.</param>
/// <param name="Explanation">The explanation of its policy.</param>
internal sealed record ListedRepository(
    Repository Repository,
    bool IsLastPushSeen,
    DateTime? LastPush,
    Presence Policy,
    PolicyExplanation? Explanation
)
{
    private const int CallsAtOnce = 8;
    private const int PageSize = 1000;

    /// <summary>All repositories of a registry, in the order of AWS.</summary>
    /// <exception cref="DiagnosedException">The caller is not allowed to list them.</exception>
    public static async Task<IReadOnlyList<ListedRepository>> AllOfAsync(
        EcrRegistry registry,
        AwsSession session,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(registry);
        var repositories = new List<Repository>();
        try
        {
            string? next = null;
            do
            {
                var page = await ecr.DescribeRepositoriesAsync(
                    new()
                    {
                        RegistryId = registry.Account,
                        NextToken = next,
                        MaxResults = PageSize,
                    },
                    cancellationToken
                );
                repositories.AddRange(page.Repositories ?? []);
                next = page.NextToken;
            } while (next is not null);
        }
        catch (Exception failure) when (RepositoryCallDiagnosis.Find(failure, session, registry, "*") is { } diagnostic)
        {
            throw new DiagnosedException(diagnostic);
        }

        using var turns = new SemaphoreSlim(CallsAtOnce);
        return await Task.WhenAll(
            repositories.Select(async repository =>
            {
                var lastPush = InTurnAsync(
                    turns,
                    () => LastPushAsync(ecr, repository, cancellationToken),
                    cancellationToken
                );
                var policy = InTurnAsync(
                    turns,
                    () => PolicyAsync(ecr, repository, cancellationToken),
                    cancellationToken
                );
                var (isSeen, pushed) = await lastPush;
                var (presence, document) = await policy;
                return new ListedRepository(
                    repository,
                    isSeen,
                    pushed,
                    presence,
                    document is null ? null : PolicyExplanation.Create(document, repository.RegistryId, registry.Kind)
                );
            })
        );
    }

    private static async Task<T> InTurnAsync<T>(
        SemaphoreSlim turns,
        Func<Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return await call();
        }
        finally
        {
            turns.Release();
        }
    }

    private static async Task<(bool IsSeen, DateTime? At)> LastPushAsync(
        EcrClient ecr,
        Repository repository,
        CancellationToken cancellationToken
    )
    {
        try
        {
            DateTime? last = null;
            string? next = null;
            do
            {
                var page = await ecr.DescribeImagesAsync(
                    new()
                    {
                        RegistryId = repository.RegistryId,
                        RepositoryName = repository.RepositoryName,
                        NextToken = next,
                        MaxResults = PageSize,
                    },
                    cancellationToken
                );
                last = (page.ImageDetails ?? []).Select(image => image.ImagePushedAt).Append(last).Max();
                next = page.NextToken;
            } while (next is not null);

            return (true, last);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (false, null);
        }
    }

    private static async Task<(Presence Presence, PolicyDocument? Document)> PolicyAsync(
        EcrClient ecr,
        Repository repository,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await ecr.GetRepositoryPolicyAsync(
                new() { RegistryId = repository.RegistryId, RepositoryName = repository.RepositoryName },
                cancellationToken
            );
            return (Presence.Present, PolicyDocument.Parse(answer.PolicyText ?? ""));
        }
        catch (RepositoryPolicyNotFoundException)
        {
            return (Presence.Absent, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (Presence.NotSeen, null);
        }
    }
}
