using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>A call of the ECR API by a caller who has proved who it is.</summary>
internal sealed partial class EcrRequest(
    string operation,
    JsonElement body,
    CallingPrincipal principal,
    RequestOrigin origin,
    Uri endpoint,
    PublicRegistryDirectory? publicRegistries
)
{
    public string Operation { get; } = operation;

    public CallingPrincipal Principal { get; } = principal;

    public RequestOrigin Origin { get; } = origin;

    /// <summary>The region of the registry, or what stands for that of the public one.</summary>
    public string Region => publicRegistries is null ? Origin.Region : RepositoryPlace.PublicRegion;

    /// <summary>The permission that the operation needs.</summary>
    public string Action =>
        EcrActions.ForOperation(
            RepositoryPlace.KindIn(Region),
            // The one operation that has no action of its own.
            Operation == "ListImageReferrers"
                ? "BatchGetImage"
                : Operation
        );

    /// <summary>The emulator as this client addresses it.</summary>
    public Uri Endpoint { get; } = endpoint;

    /// <summary>The account whose registry is meant: <c>registryId</c>, for a public registry also by its alias, else the caller's.</summary>
    public string RegistryAccount
    {
        get
        {
            var id = Text("registryId") ?? Principal.Account.Id;
            if (publicRegistries is not null)
            {
                return publicRegistries.AccountOf(id)
                    ?? throw new EcrException(
                        "RegistryNotFoundException",
                        $"The registry with id '{id}' does not exist"
                    );
            }

            return AccountId().IsMatch(id) ? id : throw PatternMismatch("registryId", "[0-9]{12}");
        }
    }

    /// <summary>What is asked of the policies about a repository.</summary>
    public Access AccessTo(string account, string name) =>
        new(Principal, Action, RepositoryArn.For(Principal.Account.Partition, Region, account, name), account, Origin)
        {
            RepositoryName = name,
        };

    /// <summary>What is asked of the policies about a whole registry.</summary>
    public Access AccessToRegistry(string account) => new(Principal, Action, "*", account, Origin);

    /// <summary>The request's members that a structure has.</summary>
    public JsonObject Read(Shape structure) => structure(body, "").AsObject();

    /// <summary>
    /// The address of a private registry. Asked by the name of ECR's own API, through a proxy for instance, it is the one that ECR names:
    /// the FIPS host by the FIPS API, and the IPv4 host by the dual-stack API too.
    /// </summary>
    public Uri RegistryAddress(string account) =>
        ApiHost().Match(Endpoint.Host) is { Success: true } api
            ? new($"https://{EcrRegistry.Create(account, Region, api.Groups["fips"].Success).Host}")
            : Endpoint;

    /// <summary>What the reference of a repository's images begins with.</summary>
    public string UriOf(Repository repository) =>
        publicRegistries is null
            ? $"{RegistryAddress(repository.Account).Authority}/{repository.Name}"
            : $"{publicRegistries.AddressFor(Endpoint).Authority}/{publicRegistries.AliasesOf(repository.Account)[^1]}/{repository.Name}";

    /// <summary>The one image that is meant.</summary>
    public (string? Digest, string? Tag) ImageId
    {
        get
        {
            var id = Find("imageId") ?? throw Missing("imageId");
            return (TextOf(id, "imageDigest", "imageId"), TextOf(id, "imageTag", "imageId"));
        }
    }

    public string RepositoryName => CheckedName(RequiredText("repositoryName"), "repositoryName");

    public string? Text(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            _ => throw Malformed(name),
        };

    /// <summary>A text inside a structure.</summary>
    public string? Text(string structure, string member) =>
        Find(structure) is { } value ? TextOf(value, member, structure) : null;

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public bool Flag(string name) => Find(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A flag inside a structure.</summary>
    public bool Flag(string structure, string member) =>
        Find(structure) is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty(member, out var flag)
        && flag.ValueKind == JsonValueKind.True;

    public long RequiredNumber(string name) =>
        Find(name) is not { } value ? throw Missing(name)
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Malformed(name);

    public int? Number(string name) => Find(name) is null ? null : (int)RequiredNumber(name);

    public JsonElement? Find(string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public IReadOnlyList<JsonElement>? List(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray()],
            _ => throw Malformed(name),
        };

    public IReadOnlyList<JsonElement> RequiredList(string name, int atMost = 100)
    {
        var list = List(name) ?? throw Missing(name);
        return list.Count >= 1 && list.Count <= atMost
            ? list
            : throw EcrException.InvalidParameter(
                name,
                $"Member must have length between 1 and {atMost}, both inclusive"
            );
    }

    public IReadOnlyList<string>? Texts(string name) => List(name)?.Select(item => TextOf(item, name)).ToList();

    /// <summary>Texts inside a structure.</summary>
    public IReadOnlyList<string>? Texts(string structure, string member) =>
        Find(structure) is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(member, out var list)
            ? list.ValueKind is JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(item => TextOf(item, $"{structure}.{member}"))]
                : throw Malformed($"{structure}.{member}")
            : null;

    public static string? TextOf(JsonElement element, string member, string parameter) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value)
            ? TextOf(value, parameter)
            : null;

    public static string TextOf(JsonElement element, string parameter) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Malformed(parameter);

    public string CheckedName(string name, string parameter) =>
        Policies.Names.RepositoryName.IsValid(name, RepositoryPlace.KindIn(Region))
            ? name
            : throw PatternMismatch(
                parameter,
                Policies.Names.RepositoryName.PatternFor(RepositoryPlace.KindIn(Region))
            );

    public static string CheckedAccount(string id, string parameter) =>
        AccountId().IsMatch(id)
            ? id
            : throw EcrException.InvalidParameter(
                parameter,
                "Member must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]{12}]"
            );

    public static EcrException Missing(string name) => EcrException.InvalidParameter(name, "must not be null");

    public static EcrException Malformed(string name) => new("SerializationException", $"'{name}' has the wrong type");

    private static EcrException PatternMismatch(string name, string pattern) =>
        EcrException.InvalidParameter(name, $"must satisfy regular expression '{pattern}'");

    [GeneratedRegex(@"^(api\.)?ecr(?<fips>-fips)?\.", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApiHost();

    [GeneratedRegex("^[0-9]{12}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccountId();
}
