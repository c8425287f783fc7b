using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations on a registry as a whole: its tokens, its policy and its settings.</summary>
internal sealed class RegistryOperations(Authorizer authorizer, RegistryStore store, AuthorizationTokens tokens)
{
    private static readonly Dictionary<string, string[]> Settings = new(StringComparer.Ordinal)
    {
        // The first value is the default.
        ["REGISTRY_POLICY_SCOPE"] = ["V2"],
        ["BLOB_MOUNTING"] = ["DISABLED", "ENABLED"],
        ["BASIC_SCAN_TYPE_VERSION"] = ["AWS_NATIVE", "CLAIR"],
    };

    public JsonObject GetAuthorizationToken(EcrRequest request)
    {
        var own = request.Principal.Account.Id;
        var accounts = request.Texts("registryIds") is { Count: > 0 } ids ? ids : [own];
        foreach (var account in accounts)
        {
            EcrRequest.CheckedAccount(account, "registryIds");
        }

        Require(request);
        return new()
        {
            ["authorizationData"] = new JsonArray([
                .. accounts.Select(account =>
                {
                    var token = tokens.Issue(request.Principal, account, request.Region);
                    return new JsonObject
                    {
                        ["authorizationToken"] = token.Encoded,
                        ["expiresAt"] = AnswerShapes.EpochSeconds(token.ExpiresAt),
                        ["proxyEndpoint"] = request.RegistryAddress(account).GetLeftPart(UriPartial.Authority),
                    };
                }),
            ]),
        };
    }

    public JsonObject GetRegistryPolicy(EcrRequest request)
    {
        Require(request);
        var account = request.Principal.Account.Id;
        var policy = store.Read(account, request.Region, registry => registry.Policy);
        return policy is null
            ? throw new EcrException(
                "RegistryPolicyNotFoundException",
                $"Registry policy does not exist in the registry with id '{account}'"
            )
            : new() { ["registryId"] = account, ["policyText"] = policy };
    }

    public JsonObject PutRegistryPolicy(EcrRequest request)
    {
        Require(request);
        var account = request.Principal.Account.Id;
        var policy = request.RequiredText("policyText");
        try
        {
            PolicyDocument.Parse(policy);
        }
        catch (PolicyFormatException)
        {
            throw EcrException.InvalidParameter("PolicyText", "Invalid registry policy provided");
        }

        store.Change(account, request.Region, registry => registry.Policy = policy);
        return new() { ["registryId"] = account, ["policyText"] = policy };
    }

    public JsonObject DescribeRepositoryCreationTemplates(EcrRequest request)
    {
        Require(request);
        var account = request.Principal.Account.Id;
        var all = store.Read(account, request.Region, registry => registry.CreationTemplates);
        var wanted = request.Texts("prefixes") ?? [.. all.Select(template => template.Prefix)];
        if (wanted.FirstOrDefault(prefix => all.All(template => template.Prefix != prefix)) is { } unknown)
        {
            throw new EcrException(
                "TemplateNotFoundException",
                $"The repository creation template with prefix '{unknown}' does not exist in the registry with id '{account}'"
            );
        }

        var templates = all.Where(template => wanted.Contains(template.Prefix, StringComparer.Ordinal));
        var answer = Page.CreateResponse(
            request,
            "repositoryCreationTemplates",
            [
                .. templates.Select(template => new JsonObject
                {
                    ["prefix"] = template.Prefix,
                    ["appliedFor"] = new JsonArray([.. template.AppliedFor.Select(use => JsonValue.Create(use))]),
                    ["imageTagMutability"] = template.ImageTagMutability,
                }),
            ]
        );
        answer["registryId"] = account;
        return answer;
    }

    public JsonObject DescribePullThroughCacheRules(EcrRequest request)
    {
        var account = request.RegistryAccount;
        Require(request, account);
        var rules = store.Read(account, request.Region, registry => registry.PullThroughCacheRules);
        var wanted = request.Texts("ecrRepositoryPrefixes") ?? [.. rules.Select(rule => rule.EcrRepositoryPrefix)];
        if (wanted.FirstOrDefault(prefix => rules.All(rule => rule.EcrRepositoryPrefix != prefix)) is { } unknown)
        {
            throw new EcrException(
                "PullThroughCacheRuleNotFoundException",
                $"The pull through cache rule with prefix '{unknown}' does not exist in the registry with id '{account}'"
            );
        }

        return Page.CreateResponse(
            request,
            "pullThroughCacheRules",
            [
                .. rules
                    .Where(rule => wanted.Contains(rule.EcrRepositoryPrefix, StringComparer.Ordinal))
                    .Select(rule => new JsonObject
                    {
                        ["ecrRepositoryPrefix"] = rule.EcrRepositoryPrefix,
                        ["upstreamRegistryUrl"] = rule.UpstreamRegistryUrl,
                        ["upstreamRepositoryPrefix"] = rule.UpstreamRepositoryPrefix,
                        ["registryId"] = account,
                    }),
            ]
        );
    }

    public JsonObject GetAccountSetting(EcrRequest request)
    {
        Require(request);
        var name = request.RequiredText("name");
        var values = ValuesOf(name);
        var value = store.Read(
            request.Principal.Account.Id,
            request.Region,
            registry => registry.Settings.GetValueOrDefault(name, values[0])
        );
        return new() { ["name"] = name, ["value"] = value };
    }

    public JsonObject PutAccountSetting(EcrRequest request)
    {
        Require(request);
        var (name, value) = (request.RequiredText("name"), request.RequiredText("value"));
        if (!ValuesOf(name).Contains(value))
        {
            throw EcrException.InvalidParameter("value", $"must be one of {string.Join(", ", ValuesOf(name))}");
        }

        store.Change(request.Principal.Account.Id, request.Region, registry => registry.Settings[name] = value);
        return new() { ["name"] = name, ["value"] = value };
    }

    private static string[] ValuesOf(string name) =>
        Settings.GetValueOrDefault(name)
        ?? throw EcrException.InvalidParameter("name", $"must be one of {string.Join(", ", Settings.Keys)}");

    private void Require(EcrRequest request) => Require(request, request.Principal.Account.Id);

    private void Require(EcrRequest request, string account) =>
        authorizer.Require(new Access(request.Principal, request.Action, "*", account, request.Origin));
}
