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
        return PolicyAnswer(account, store.Read(account, request.Region, registry => registry.Policy));
    }

    public JsonObject DeleteRegistryPolicy(EcrRequest request)
    {
        Require(request);
        var account = request.Principal.Account.Id;
        return PolicyAnswer(
            account,
            store.Change(
                account,
                request.Region,
                registry =>
                {
                    var policy = registry.Policy;
                    registry.Policy = null;
                    return policy;
                }
            )
        );
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
        return PolicyAnswer(account, policy);
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

    private static JsonObject PolicyAnswer(string account, string? policy) =>
        policy is null
            ? throw new EcrException(
                "RegistryPolicyNotFoundException",
                $"Registry policy does not exist in the registry with id '{account}'"
            )
            : new() { ["registryId"] = account, ["policyText"] = policy };

    private static string[] ValuesOf(string name) =>
        Settings.GetValueOrDefault(name)
        ?? throw EcrException.InvalidParameter("name", $"must be one of {string.Join(", ", Settings.Keys)}");

    private void Require(EcrRequest request) =>
        authorizer.Require(request.AccessToRegistry(request.Principal.Account.Id));
}
