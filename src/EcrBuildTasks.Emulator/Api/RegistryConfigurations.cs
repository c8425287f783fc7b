using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies.Names;
using static EcrBuildTasks.Emulator.Api.Shapes;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The settings of a registry that are put and read as a whole. Only the signing configuration has an effect.</summary>
internal sealed class RegistryConfigurations(Authorizer authorizer, RegistryStore store)
{
    private const int MostFilters = 100;

    private static readonly Configuration Scanning = new(
        "scanningConfiguration",
        new JsonObject { ["scanType"] = "BASIC", ["rules"] = new JsonArray() },
        Structure(
            new Member("scanType", OneOf("BASIC", "ENHANCED")),
            new Member(
                "rules",
                List(
                    Structure(
                        new Member(
                            "scanFrequency",
                            OneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
                            IsRequired: true
                        ),
                        new Member("repositoryFilters", Filters("WILDCARD", 255), IsRequired: true)
                    ),
                    most: 2
                )
            )
        )
    );

    private static readonly Configuration Replication = new(
        "replicationConfiguration",
        new JsonObject { ["rules"] = new JsonArray() },
        Structure(
            new Member(
                "rules",
                List(
                    Structure(
                        new Member(
                            "destinations",
                            List(
                                Structure(
                                    new Member("region", Text(25, "[0-9a-z-]{2,25}"), IsRequired: true),
                                    new Member("registryId", Text(12, "[0-9]{12}"), IsRequired: true)
                                ),
                                most: 100
                            ),
                            IsRequired: true
                        ),
                        new Member("repositoryFilters", Filters("PREFIX_MATCH", 256, least: 1))
                    ),
                    most: 10
                ),
                IsRequired: true
            )
        )
    );

    private static readonly Configuration Signing = new(
        Registry.SigningConfiguration,
        Initial: null,
        Structure(
            new Member(
                "rules",
                List(
                    Structure(
                        new Member("signingProfileArn", Text(200, SigningRule.ProfileArnPattern), IsRequired: true),
                        new Member("repositoryFilters", Filters("WILDCARD_MATCH", 256, least: 1))
                    ),
                    most: 10
                ),
                IsRequired: true
            )
        )
    );

    public IReadOnlyDictionary<string, Func<EcrRequest, JsonObject>> Operations =>
        new Dictionary<string, Func<EcrRequest, JsonObject>>(StringComparer.Ordinal)
        {
            ["DescribeRegistry"] = request => Get(request, Replication),
            ["PutReplicationConfiguration"] = request => Put(request, Replication),
            ["GetRegistryScanningConfiguration"] = request => Get(request, Scanning),
            ["PutRegistryScanningConfiguration"] = PutScanning,
            ["GetSigningConfiguration"] = request => Get(request, Signing),
            ["PutSigningConfiguration"] = request => Put(request, Signing),
            ["DeleteSigningConfiguration"] = DeleteSigning,
        };

    private JsonObject Get(EcrRequest request, Configuration configuration)
    {
        var account = Authorize(request);
        var value = store.Read(
            account,
            request.Region,
            registry =>
                (registry.Configurations.GetValueOrDefault(configuration.Name) ?? configuration.Initial)?.DeepClone()
        );
        return new() { ["registryId"] = account, [configuration.Name] = value ?? throw SigningNotFound(account) };
    }

    private JsonObject Put(EcrRequest request, Configuration configuration)
    {
        var account = Authorize(request);
        var given = request.Find(configuration.Name) ?? throw EcrRequest.Missing(configuration.Name);
        return new()
        {
            [configuration.Name] = Keep(
                request,
                account,
                configuration,
                configuration.Shape(given, configuration.Name)
            ),
        };
    }

    /// <summary>Its members are those of the request itself, and its answer has a name of its own.</summary>
    private JsonObject PutScanning(EcrRequest request)
    {
        var account = Authorize(request);
        var given = request.Read(Scanning.Shape);
        foreach (var (name, initial) in Scanning.Initial!)
        {
            given[name] ??= initial!.DeepClone();
        }

        return new() { ["registryScanningConfiguration"] = Keep(request, account, Scanning, given) };
    }

    private JsonObject DeleteSigning(EcrRequest request)
    {
        var account = Authorize(request);
        var deleted = store.Change(
            account,
            request.Region,
            registry => registry.Configurations.Remove(Signing.Name, out var value) ? value : null
        );
        return new() { ["registryId"] = account, [Signing.Name] = deleted ?? throw SigningNotFound(account) };
    }

    private JsonNode Keep(EcrRequest request, string account, Configuration configuration, JsonNode value) =>
        store.Change(
            account,
            request.Region,
            registry =>
            {
                registry.Configurations[configuration.Name] = value.AsObject();
                return value.DeepClone();
            }
        );

    private string Authorize(EcrRequest request)
    {
        var account = request.Principal.Account.Id;
        authorizer.Require(request.AccessToRegistry(account));
        return account;
    }

    private static Shape Filters(string type, int longest, int least = 0) =>
        List(
            Structure(
                new Member("filter", Text(longest, "[a-z0-9*._/-]+"), IsRequired: true),
                new Member("filterType", OneOf(type), IsRequired: true)
            ),
            MostFilters,
            least
        );

    private static EcrException SigningNotFound(string account) =>
        new(
            "SigningConfigurationNotFoundException",
            $"Signing configuration does not exist in the registry with id '{account}'"
        );

    /// <param name="Name">The name in requests and answers.</param>
    /// <param name="Initial">What a registry has before anything is put; <see langword="null"/> for nothing.</param>
    /// <param name="Shape">What can be put.</param>
    private sealed record Configuration(string Name, JsonObject? Initial, Shape Shape);
}
