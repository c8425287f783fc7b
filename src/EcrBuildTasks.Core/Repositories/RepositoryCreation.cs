using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>How the creation of a repository ended.</summary>
/// <param name="IsNew">Whether it was created; otherwise it already existed and keeps its settings.</param>
/// <param name="Lacking">Warnings about settings that it lacks, because AWS refused a later step.</param>
public sealed record RepositoryCreationOutcome(bool IsNew, IReadOnlyList<EcrDiagnostic> Lacking);

/// <summary>
/// Creates a repository and gives it its lifecycle policy and its push statement. Of several builds that do so at once one
/// creates it, and it is as good to the others.
/// </summary>
public static class RepositoryCreation
{
    /// <param name="ecr">A client of the registry's API.</param>
    /// <param name="registry">The registry; a public one has to be the caller's.</param>
    /// <param name="name">The repository's name.</param>
    /// <param name="settings">What it is to be like.</param>
    /// <exception cref="DiagnosedException">A public registry cannot have such settings.</exception>
    public static async Task<RepositoryCreationOutcome> RunAsync(
        EcrClient ecr,
        EcrRegistry registry,
        string name,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        if (registry.Kind is RegistryKind.Public && settings.LifecyclePolicy is not null)
        {
            throw new DiagnosedException(RepositoryCreationDiagnosis.NoLifecycleIn(registry));
        }

        if (await NewRepository.CreateAsync(ecr, registry, name, settings, cancellationToken) is null)
        {
            return new(IsNew: false, []);
        }

        var lacking = new List<EcrDiagnostic>();
        if (settings.LifecyclePolicy is { } lifecycle)
        {
            await TryAsync(
                () =>
                    ecr.PutLifecyclePolicyAsync(
                        new()
                        {
                            RegistryId = registry.Account,
                            RepositoryName = name,
                            LifecyclePolicyText = lifecycle.Text,
                        },
                        cancellationToken
                    ),
                answer => RepositoryCreationDiagnosis.LacksLifecyclePolicy(registry, name, lifecycle, answer)
            );
        }

        if (settings.PushPrincipal is { } principal && PushStatement(registry, name, principal) is { } statement)
        {
            await TryAsync(
                () =>
                    ecr.SetRepositoryPolicyAsync(
                        new()
                        {
                            RegistryId = registry.Kind is RegistryKind.Private ? registry.Account : null,
                            RepositoryName = name,
                            PolicyText = statement.ChangedPolicy!.ToJson(),
                        },
                        cancellationToken
                    ),
                answer => RepositoryCreationDiagnosis.LacksPushStatement(registry, name, statement, principal, answer)
            );
        }

        return new(IsNew: true, lacking);

        async Task TryAsync<T>(Func<Task<T>> step, Func<string, EcrDiagnostic> lack)
        {
            try
            {
                await step();
            }
            catch (AmazonServiceException refusal)
            {
                lacking.Add(lack(refusal.Message));
            }
        }
    }

    private static PolicyFix? PushStatement(EcrRegistry registry, string name, CallerIdentity principal)
    {
        var actions = PushAction.On(registry.Kind);
        var isAccount = CallerArn.Parse(principal.Arn) is { Type: "root" };
        return
            RepositoryFix.Granting(
                actions,
                new()
                {
                    Caller = new(
                        isAccount
                            ? Arn.ForIam(registry.Partition.Name, principal.Account, "root").ToString()
                            : principal.Arn,
                        principal.Account,
                        principal.UserId
                    ),
                    RoleArn = principal.RoleArn,
                    RepositoryArn = registry.RepositoryArn(name),
                    RepositoryAccount = registry.Account,
                    Actions = actions,
                    Wanting = [PolicyKind.Repository],
                    RepositoryPolicySeen = true,
                    Scope = isAccount ? FixScope.Account : FixScope.Caller,
                }
            )
                is [var fix, ..]
            ? fix
            : null;
    }
}
