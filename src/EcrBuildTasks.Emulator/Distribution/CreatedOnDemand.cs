using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>
/// Creates a missing repository when an image is pushed to it, where a creation template is for it, and when one is pulled, where a pull
/// through cache rule is. AWS does not document at which of a push's requests: here it is the first that changes something, over the registry
/// protocol and over the API.
/// </summary>
internal sealed class CreatedOnDemand(RegistryStore store, Authorizer authorizer, TimeProvider clock)
{
    private const string Push = PushAction.InitiateLayerUpload;
    private const string Pull = PushAction.BatchGetImage;

    /// <param name="place">The repository.</param>
    /// <param name="access">The request to it.</param>
    /// <param name="isAuthorized">
    /// Whether the request is known to be allowed. Before that, only a registry creates that <see cref="EmulatedRegistry.CreatesBeforeDenial"/>.
    /// </param>
    /// <returns><see langword="null"/> where the request creates nothing.</returns>
    public Repository? Create(RepositoryPlace place, Access access, bool isAuthorized)
    {
        if (
            access.Action is not (Push or Pull)
            || store.FindRepository(place.Account, place.Region, place.Name) is not null
        )
        {
            return null;
        }

        var (rule, createsEarly) = store.Read(
            place.Account,
            place.Region,
            registry =>
                (
                    access.Action == Push ? OfPush(place.Name, registry) : OfPull(place.Name, registry),
                    registry.CreatesBeforeDenial
                )
        );
        if (rule is not { } mutability || (!isAuthorized && !createsEarly))
        {
            return null;
        }

        if (isAuthorized)
        {
            string[] also = access.Action == Pull ? [EcrActions.BatchImportUpstreamImage] : [];
            foreach (var action in also.Append(PushAction.CreateRepository))
            {
                authorizer.Require(access with { Action = action });
            }
        }

        return store.Change(
            place.Account,
            place.Region,
            registry =>
            {
                registry.Repositories.TryAdd(
                    place.Name,
                    new()
                    {
                        Name = place.Name,
                        Account = place.Account,
                        Region = place.Region,
                        Arn = access.Resource,
                        CreatedAt = clock.GetUtcNow(),
                        TagMutability = new(mutability, []),
                    }
                );
                return registry.Repositories[place.Name];
            }
        );
    }

    private static string? OfPush(string name, Registry registry) =>
        CreationTemplate.OfPushTo(
            name,
            registry.CreationTemplates.Select(template => new CreationTemplate(template.Prefix, template.AppliedFor))
        )
            is { } chosen
            ? registry.CreationTemplates.First(template => template.Prefix == chosen.Prefix).ImageTagMutability
            : null;

    private static string? OfPull(string name, Registry registry) =>
        PullThroughCache.FindFor(
            name,
            registry.PullThroughCacheRules.Select(rule => new PullThroughCache(
                rule.EcrRepositoryPrefix,
                rule.UpstreamRegistryUrl,
                rule.UpstreamRepositoryPrefix
            ))
        )
            is null
            ? null
            : "MUTABLE";
}
