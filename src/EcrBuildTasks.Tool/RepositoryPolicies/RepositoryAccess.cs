using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>A repository and its policy; errors of AWS are thrown as diagnostics.</summary>
internal sealed class RepositoryAccess : IDisposable
{
    private readonly AwsSession _session;
    private readonly EcrClient _ecr;

    private RepositoryAccess(AwsSession session, EcrRegistry registry, RepositoryArgument argument)
    {
        (_session, Registry, Repository, Identity) = (session, registry, argument.Repository, argument.Identity);
        _ecr = session.CreateEcrClient(registry);
    }

    public EcrRegistry Registry { get; }

    public string Repository { get; }

    /// <summary><c>host/repository</c>; in a public registry <c>host/alias/repository</c>.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>The session for calls to AWS.</summary>
    public AwsSettings Identity { get; }

    /// <param name="cancellationToken">Cancels the search for the owner of the registry.</param>
    /// <param name="othersToo">
    /// Whether the public registry of another account is allowed, because the policy is neither read nor changed.
    /// </param>
    /// <exception cref="DiagnosedException">The registry belongs to another account, which is not allowed.</exception>
    public static async Task<RepositoryAccess> OpenAsync(
        Invocation invocation,
        RepositoryArgument repository,
        CancellationToken cancellationToken,
        bool othersToo = false
    )
    {
        var (registry, session) = await OpenAsync(
            invocation,
            repository.Registry,
            repository.Identity,
            cancellationToken,
            othersToo
        );
        return new(session, registry, repository);
    }

    /// <summary>A registry and the session for it.</summary>
    /// <param name="registry">The registry; <see langword="null"/> for the caller's own.</param>
    /// <param name="cancellationToken">Cancels the search for the owner of the registry.</param>
    /// <param name="othersToo">Whether the public registry of another account is allowed.</param>
    /// <exception cref="DiagnosedException">The registry belongs to another account, which is not allowed.</exception>
    public static async Task<(EcrRegistry Registry, AwsSession Session)> OpenAsync(
        Invocation invocation,
        EcrRegistry? registry,
        AwsSettings identity,
        CancellationToken cancellationToken,
        bool othersToo = false
    )
    {
        var session = await invocation.Identities.OpenAsync(
            identity with
            {
                Region = registry?.Region ?? identity.Region,
            },
            cancellationToken
        );
        return (
            registry switch
            {
                null => session.RegistryOf((await session.GetCallerIdentityAsync(cancellationToken)).Account),
                { Kind: RegistryKind.Public } when !othersToo => await OwnAsync(registry, session, cancellationToken),
                _ => registry,
            },
            session
        );
    }

    /// <summary>A public registry with its account, which must be the caller's: others cannot be read or changed.</summary>
    private static async Task<EcrRegistry> OwnAsync(
        EcrRegistry registry,
        AwsSession session,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(registry);
        try
        {
            var own = await CallersAliases.AskAsync(ecr, cancellationToken);
            return registry.Alias is null || own.Contains(registry.Alias)
                ? registry.OwnedBy(own.Account)
                : throw new DiagnosedException(PublicDiagnosis.OthersRegistry(registry, own));
        }
        catch (AmazonServiceException denied) when (denied.ErrorCode is "AccessDeniedException")
        {
            // It nearly always is the caller's, and where it is not, AWS finds no such repository.
            return registry.OwnedBy((await session.GetCallerIdentityAsync(cancellationToken)).Account);
        }
        catch (Exception failure) when (RepositoryCallDiagnosis.Find(failure, session, registry, "*") is { } diagnostic)
        {
            throw new DiagnosedException(diagnostic);
        }
    }

    /// <returns><see langword="null"/> when the repository has no policy.</returns>
    public Task<string?> GetPolicyAsync(CancellationToken cancellationToken) =>
        AskAsync(async ecr =>
        {
            try
            {
                var answer = await ecr.GetRepositoryPolicyAsync(
                    new() { RegistryId = Registry.Account, RepositoryName = Repository },
                    cancellationToken
                );
                return answer.PolicyText;
            }
            catch (RepositoryPolicyNotFoundException)
            {
                return null;
            }
        });

    /// <summary>Replaces the policy; <see langword="null"/> removes it.</summary>
    public Task SetPolicyAsync(string? policy, CancellationToken cancellationToken) =>
        AskAsync<AmazonWebServiceResponse>(async ecr =>
            policy is null
                ? await ecr.DeleteRepositoryPolicyAsync(
                    new() { RegistryId = Registry.Account, RepositoryName = Repository },
                    cancellationToken
                )
                : await ecr.SetRepositoryPolicyAsync(
                    new()
                    {
                        RegistryId = Registry.Account,
                        RepositoryName = Repository,
                        PolicyText = policy,
                    },
                    cancellationToken
                )
        );

    public Task<RepositoryCreationOutcome> CreateAsync(
        RepositorySettings settings,
        CancellationToken cancellationToken
    ) => AskAsync(ecr => RepositoryCreation.RunAsync(ecr, Registry, Repository, settings, cancellationToken));

    public void Dispose() => _ecr.Dispose();

    private async Task<T> AskAsync<T>(Func<EcrClient, Task<T>> call)
    {
        try
        {
            return await call(_ecr);
        }
        catch (Exception failure)
            when (RepositoryCallDiagnosis.Find(failure, _session, Registry, Repository) is { } diagnostic)
        {
            throw new DiagnosedException(diagnostic);
        }
    }
}
