using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Policies.Registry;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>
/// Creates a missing repository when an image is pushed to it, where a creation template is for it. AWS does not document at which of
/// a push's requests: it is the first that changes something, over the registry protocol and over the API.
/// </summary>
internal sealed class CreatedOnPush(RegistryStore store, Authorizer authorizer, TimeProvider clock)
{
    private const string FirstChange = "ecr:InitiateLayerUpload";

    /// <param name="place">The repository.</param>
    /// <param name="push">The request to it, which is allowed.</param>
    /// <returns><see langword="null"/> where the request creates nothing, or there is no such template.</returns>
    public Repository? Create(RepositoryPlace place, Access push)
    {
        if (push.Action != FirstChange)
        {
            return null;
        }

        var templates = store.Read(place.Account, place.Region, registry => registry.CreationTemplates);
        if (
            CreationTemplate.OfPushTo(
                place.Name,
                templates.Select(template => new CreationTemplate(template.Prefix, template.AppliedFor))
            )
            is not { } chosen
        )
        {
            return null;
        }

        authorizer.Require(push with { Action = "ecr:CreateRepository" });
        var template = templates.First(candidate => candidate.Prefix == chosen.Prefix);
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
                        Arn = push.Resource,
                        CreatedAt = clock.GetUtcNow(),
                        TagMutability = new(template.ImageTagMutability, []),
                    }
                );
                return registry.Repositories[place.Name];
            }
        );
    }
}
