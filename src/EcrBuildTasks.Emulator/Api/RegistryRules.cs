using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;
using static EcrBuildTasks.Emulator.Api.Shapes;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The rules of a registry that are for a namespace: repository creation templates and pull through cache rules.</summary>
internal sealed class RegistryRules(Authorizer authorizer, RegistryStore store, TimeProvider clock)
{
    private const string Namespace = @"([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*/?|ROOT)";

    private static readonly Shape Tag = Structure(
        new Member("Key", Text(128), IsRequired: true),
        new Member("Value", Text(256), IsRequired: true)
    );

    private static readonly Member[] Settings =
    [
        new("description", Text(256)),
        new(
            "encryptionConfiguration",
            Structure(
                new Member("encryptionType", OneOf("AES256", "KMS", "KMS_DSSE"), IsRequired: true),
                new Member("kmsKey", Text(2048))
            )
        ),
        new("resourceTags", List(Tag, most: 50)),
        new("imageTagMutability", OneOf(TagMutabilityModes.All)),
        new(
            "imageTagMutabilityExclusionFilters",
            List(
                Structure(
                    new Member("filterType", OneOf("WILDCARD"), IsRequired: true),
                    new Member("filter", Text(128, "[0-9a-zA-Z._*-]{1,128}"), IsRequired: true)
                ),
                most: 5,
                least: 1
            )
        ),
        new("repositoryPolicy", Policy),
        new("lifecyclePolicy", Text(30_720)),
        new("customRoleArn", Text(2048)),
    ];

    private static readonly Member Prefix = new("prefix", Text(256, Namespace), IsRequired: true);
    private static readonly Shape Uses = List(OneOf("REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"), most: 3);

    private static readonly Kind Templates = new("repositoryCreationTemplates", "prefix", "prefixes")
    {
        What = "repository creation template",
        Code = "Template",
        RulesOf = registry => registry.TemplatesByPrefix,
        Creation = Structure([Prefix, .. Settings, new("appliedFor", Uses, IsRequired: true)]),
        Change = Structure([Prefix, .. Settings, new("appliedFor", Uses)]),
        Defaults = new()
        {
            ["imageTagMutability"] = "MUTABLE",
            ["encryptionConfiguration"] = new JsonObject { ["encryptionType"] = "AES256" },
        },
        Check = template => TagMutabilityModes.FromTemplate(template),
    };

    private static readonly Member CachePrefix = new("ecrRepositoryPrefix", Text(30, Namespace), IsRequired: true);

    private static readonly Member[] Access = [new("credentialArn", Text(612)), new("customRoleArn", Text(2048))];

    private static readonly Kind CacheRules = new(
        "pullThroughCacheRules",
        "ecrRepositoryPrefix",
        "ecrRepositoryPrefixes"
    )
    {
        What = "pull through cache rule",
        Code = "PullThroughCacheRule",
        RulesOf = registry => registry.CacheRulesByPrefix,
        Creation = Structure([
            CachePrefix,
            .. Access,
            new("upstreamRegistryUrl", Text(int.MaxValue), IsRequired: true),
            new("upstreamRegistry", Text(64)),
            new("upstreamRepositoryPrefix", Text(30, Namespace)),
        ]),
        Change = Structure([CachePrefix, .. Access]),
        Defaults = new() { ["upstreamRepositoryPrefix"] = "ROOT" },
    };

    public IReadOnlyDictionary<string, Func<EcrRequest, JsonObject>> Operations =>
        new Dictionary<string, Func<EcrRequest, JsonObject>>(StringComparer.Ordinal)
        {
            ["CreateRepositoryCreationTemplate"] = request => Answer(request, Create(request, Templates)),
            ["DescribeRepositoryCreationTemplates"] = request => Describe(request, Templates),
            ["UpdateRepositoryCreationTemplate"] = request => Answer(request, Update(request, Templates)),
            ["DeleteRepositoryCreationTemplate"] = request => Answer(request, Delete(request, Templates)),
            ["CreatePullThroughCacheRule"] = request => Create(request, CacheRules),
            ["DescribePullThroughCacheRules"] = request => Describe(request, CacheRules),
            ["UpdatePullThroughCacheRule"] = request => Update(request, CacheRules),
            ["DeletePullThroughCacheRule"] = request => Delete(request, CacheRules),
        };

    private JsonObject Create(EcrRequest request, Kind kind)
    {
        var account = Authorize(request);
        var rule = request.Read(kind.Creation);
        foreach (var (name, value) in kind.Defaults)
        {
            rule[name] ??= value!.DeepClone();
        }

        kind.Check(rule);
        rule["createdAt"] = AnswerShapes.EpochSeconds(clock.GetUtcNow());
        var prefix = (string)rule[kind.Key]!;
        return store.Change(
            account,
            request.Region,
            registry =>
                kind.RulesOf(registry).TryAdd(prefix, rule)
                    ? Copy(rule, account, kind)
                    : throw new EcrException(
                        $"{kind.Code}AlreadyExistsException",
                        $"A {kind.What} with prefix '{prefix}' already exists in the registry with id '{account}'"
                    )
        );
    }

    private JsonObject Describe(EcrRequest request, Kind kind)
    {
        var account = Authorize(request);
        var prefixes = request.Texts(kind.Filter);
        var described = store.Read(
            account,
            request.Region,
            registry =>
                (prefixes ?? [.. kind.RulesOf(registry).Keys])
                    .Select(prefix => Copy(Find(registry, prefix, kind), account, kind))
                    .ToList()
        );
        var answer = Page.CreateResponse(request, kind.List, described);
        if (kind == Templates)
        {
            answer["registryId"] = account;
        }

        return answer;
    }

    private JsonObject Update(EcrRequest request, Kind kind)
    {
        var account = Authorize(request);
        var change = request.Read(kind.Change);
        return store.Change(
            account,
            request.Region,
            registry =>
            {
                var prefix = (string)change[kind.Key]!;
                var rule = Find(registry, prefix, kind).DeepClone().AsObject();
                foreach (var (name, value) in change)
                {
                    rule[name] = value!.DeepClone();
                }

                kind.Check(rule);
                rule["updatedAt"] = AnswerShapes.EpochSeconds(clock.GetUtcNow());
                kind.RulesOf(registry)[prefix] = rule;
                return Copy(rule, account, kind);
            }
        );
    }

    private JsonObject Delete(EcrRequest request, Kind kind)
    {
        var account = Authorize(request);
        var prefix = request.RequiredText(kind.Key);
        return store.Change(
            account,
            request.Region,
            registry =>
            {
                var rule = Find(registry, prefix, kind);
                kind.RulesOf(registry).Remove(prefix);
                return Copy(rule, account, kind);
            }
        );
    }

    private static JsonObject Find(Registry registry, string prefix, Kind kind) =>
        kind.RulesOf(registry).GetValueOrDefault(prefix)
        ?? throw new EcrException(
            $"{kind.Code}NotFoundException",
            $"The {kind.What} with prefix '{prefix}' does not exist in the registry with id '{registry.Account}'"
        );

    private static JsonObject Copy(JsonObject rule, string account, Kind kind)
    {
        var copy = rule.DeepClone().AsObject();
        if (kind == CacheRules)
        {
            copy["registryId"] = account;
        }

        return copy;
    }

    private static JsonObject Answer(EcrRequest request, JsonObject template) =>
        new() { ["registryId"] = request.Principal.Account.Id, ["repositoryCreationTemplate"] = template };

    private string Authorize(EcrRequest request)
    {
        var account = request.RegistryAccount;
        authorizer.Require(request.AccessToRegistry(account));
        return account;
    }

    /// <param name="List">The member with the rules in the answer that describes them.</param>
    /// <param name="Key">The member with the namespace.</param>
    /// <param name="Filter">The member of a request that names the rules to describe.</param>
    private sealed record Kind(string List, string Key, string Filter)
    {
        public required string What { get; init; }

        /// <summary>What the codes of its errors start with.</summary>
        public required string Code { get; init; }

        public required Func<Registry, SortedDictionary<string, JsonObject>> RulesOf { get; init; }

        public required Shape Creation { get; init; }

        public required Shape Change { get; init; }

        public required JsonObject Defaults { get; init; }

        /// <summary>Refuses members that contradict each other.</summary>
        public Action<JsonObject> Check { get; init; } = _ => { };
    }
}
