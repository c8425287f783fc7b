using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
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

        if (await CreateAsync(ecr, registry, name, settings, cancellationToken) is null)
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

    /// <summary>Creates the repository of a push if it is missing.</summary>
    /// <returns>What the new repository lacks.</returns>
    internal static async Task<IReadOnlyList<EcrDiagnostic>> EnsureAsync(
        AwsSession session,
        ImageReference image,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(image.Registry);
        return await session.AskAsync(async () =>
        {
            // An action that every push needs, so that who may not create repositories can push to those that there are.
            var presence = await RepositoryPresence.AskAsync(ecr, image, cancellationToken);
            if (presence is Presence.Present)
            {
                return [];
            }

            if (image.Registry is { Kind: RegistryKind.Public, Alias: { } alias })
            {
                var aliases = await CallersAliases.AskAsync(ecr, cancellationToken);
                if (!aliases.Contains(alias))
                {
                    throw new DiagnosedException(PublicDiagnosis.OthersRegistry(image.Registry, aliases));
                }
            }

            try
            {
                var creation = await RunAsync(ecr, image.Registry, image.Repository, settings, cancellationToken);
                return creation.Lacking;
            }
            catch (AmazonServiceException denied)
                when (presence is Presence.NotSeen && denied.ErrorCode is "AccessDeniedException")
            {
                // It may well exist; the push finds out.
                return [];
            }
        });
    }

    /// <summary>
    /// Creates repositories with the defaults that ECR lacks: tags stay where they are, and each image is scanned when it is pushed.
    /// ECR Public has no such settings, and creates in the caller's own registry only.
    /// </summary>
    /// <param name="registry">The registry; a public one has to be the caller's.</param>
    /// <param name="name">The repository's name.</param>
    /// <param name="settings">What it is to be like; in a public registry only the resource tags count.</param>
    /// <returns>The repository; <see langword="null"/> if a repository with this name already exists.</returns>
    private static async Task<Repository?> CreateAsync(
        EcrClient ecr,
        EcrRegistry registry,
        string name,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        List<Tag>? tags = settings.Tags is []
            ? null
            : [.. settings.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
        var request =
            registry.Kind is RegistryKind.Public
                ? new CreateRepositoryRequest { RepositoryName = name, Tags = tags }
                : new CreateRepositoryRequest
                {
                    RegistryId = registry.Account,
                    RepositoryName = name,
                    Tags = tags,
                    ImageTagMutability = settings.TagMutability?.Mode ?? ImageTagMutability.IMMUTABLE,
                    ImageTagMutabilityExclusionFilters = settings.TagMutability?.ExclusionFilters is [_, ..] filters
                        ?
                        [
                            .. filters.Select(filter => new ImageTagMutabilityExclusionFilter
                            {
                                FilterType = "WILDCARD",
                                Filter = filter,
                            }),
                        ]
                        : null,
                    ImageScanningConfiguration = new() { ScanOnPush = settings.ScanOnPush },
                    EncryptionConfiguration = new()
                    {
                        EncryptionType = settings.EncryptionType,
                        KmsKey = settings.KmsKey,
                    },
                };
        try
        {
            var answer = await ecr.CreateRepositoryAsync(request, cancellationToken);
            return answer.Repository ?? new() { RepositoryName = name, RegistryId = registry.Account };
        }
        catch (RepositoryAlreadyExistsException)
        {
            return null;
        }
    }
}
