using System.Text.Json.Nodes;
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

        var (template, createsEarly) = store.Read(
            place.Account,
            place.Region,
            registry =>
                (
                    access.Action == Push ? OfPush(place.Name, registry) : OfPull(place.Name, registry),
                    registry.CreatesBeforeDenial
                )
        );
        if (template is null || LacksRole(template) || (!isAuthorized && !createsEarly))
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
                registry.Repositories.TryAdd(place.Name, FromTemplate(template, place, access.Resource));
                return registry.Repositories[place.Name];
            }
        );
    }

    /// <summary>Tags and keys are set with a role of the account; AWS creates nothing without one. Its answer is not documented.</summary>
    private static bool LacksRole(JsonObject template) =>
        template["customRoleArn"] is null
        && (
            template["resourceTags"]?.AsArray().Count > 0
            || (string?)template["encryptionConfiguration"]?["encryptionType"] is "KMS" or "KMS_DSSE"
        );

    private Repository FromTemplate(JsonObject template, RepositoryPlace place, string arn) =>
        new()
        {
            Name = place.Name,
            Account = place.Account,
            Region = place.Region,
            Arn = arn,
            CreatedAt = clock.GetUtcNow(),
            TagMutability = TagMutabilityModes.FromTemplate(template),
            Policy = (string?)template["repositoryPolicy"],
            LifecyclePolicy = (string?)template["lifecyclePolicy"],
            EncryptionType = (string?)template["encryptionConfiguration"]?["encryptionType"] ?? "AES256",
            KmsKey = (string?)template["encryptionConfiguration"]?["kmsKey"],
            Tags = (template["resourceTags"]?.AsArray() ?? []).ToDictionary(
                tag => (string)tag!["Key"]!,
                tag => (string)tag!["Value"]!,
                StringComparer.Ordinal
            ),
        };

    private static JsonObject? OfPush(string name, Registry registry) =>
        CreationTemplate.OfPushTo(
            name,
            registry.TemplatesByPrefix.Select(template => new CreationTemplate(
                template.Key,
                [.. template.Value["appliedFor"]!.AsArray().Select(use => (string)use!)]
            ))
        )
            is { } chosen
            ? registry.TemplatesByPrefix[chosen.Prefix].DeepClone().AsObject()
            : null;

    private static JsonObject? OfPull(string name, Registry registry) =>
        PullThroughCache.FindFor(
            name,
            registry.CacheRulesByPrefix.Values.Select(rule => new PullThroughCache(
                (string)rule["ecrRepositoryPrefix"]!,
                (string)rule["upstreamRegistryUrl"]!,
                (string)rule["upstreamRepositoryPrefix"]!
            ))
        )
            is null
            ? null
            : new() { ["imageTagMutability"] = "MUTABLE" };
}
