using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations of ECR Public on a registry as a whole.</summary>
internal sealed class PublicRegistryOperations(
    Authorizer authorizer,
    PublicRegistryDirectory registries,
    AuthorizationTokens tokens
)
{
    /// <remarks>AWS answers no <c>proxyEndpoint</c>; here it names the emulator, and clients that do not know it do not mind.</remarks>
    public JsonObject GetAuthorizationToken(EcrRequest request)
    {
        Require(request, request.Action);
        Require(request, PushAction.GetServiceBearerToken);
        var token = tokens.Issue(request.Principal, request.Principal.Account.Id, RepositoryPlace.PublicRegion);
        return new()
        {
            ["authorizationData"] = new JsonObject
            {
                ["authorizationToken"] = token.Encoded,
                ["expiresAt"] = AnswerShapes.EpochSeconds(token.ExpiresAt),
                ["proxyEndpoint"] = registries.AddressFor(request.Endpoint).GetLeftPart(UriPartial.Authority),
            },
        };
    }

    public JsonObject DescribeRegistries(EcrRequest request)
    {
        Require(request, request.Action);
        var account = request.Principal.Account;
        var aliases = registries.AliasesOf(account.Id);
        return new()
        {
            ["registries"] = new JsonArray(
                new JsonObject
                {
                    ["registryId"] = account.Id,
                    ["registryArn"] = Arn.ForPublicRegistry(account.Partition, account.Id).ToString(),
                    ["registryUri"] = $"{registries.AddressFor(request.Endpoint).Authority}/{aliases[^1]}",
                    ["verified"] = false,
                    ["aliases"] = new JsonArray([
                        .. aliases.Select(
                            (alias, index) =>
                                new JsonObject
                                {
                                    ["name"] = alias,
                                    ["status"] = "ACTIVE",
                                    ["primaryRegistryAlias"] = index == aliases.Count - 1,
                                    ["defaultRegistryAlias"] = index == 0,
                                }
                        ),
                    ]),
                }
            ),
        };
    }

    private void Require(EcrRequest request, string action) =>
        authorizer.Require(new Access(request.Principal, action, "*", request.Principal.Account.Id, request.Origin));
}
