using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations that make, describe and configure repositories.</summary>
internal sealed class RepositoryOperations(
    Authorizer authorizer,
    RegistryStore store,
    RepositoryPolicyRules policyRules,
    TimeProvider clock
)
{
    private const string ExclusionFilters = "imageTagMutabilityExclusionFilters";
    private const string Aes = "AES256";
    private const int MostTags = 50;

    // The key of the alias aws/ecr, which each account and region has.
    private const string AwsManagedKey = "5e1f7c1e-0000-4000-8000-000000000ecc";

    public JsonObject CreateRepository(EcrRequest request)
    {
        var (account, name) = (request.RegistryAccount, request.RepositoryName);
        var tags = ReadTags(request);
        var access = request.AccessTo(account, name) with { RequestTags = tags };
        authorizer.Require(access);
        var encryption = request.Text("encryptionConfiguration", "encryptionType") ?? Aes;
        if (encryption is not (Aes or "KMS" or "KMS_DSSE"))
        {
            throw EcrException.InvalidParameter(
                "encryptionConfiguration.encryptionType",
                $"Member must satisfy enum value set: [{Aes}, KMS, KMS_DSSE]"
            );
        }

        var repository = new Repository
        {
            Name = name,
            Account = account,
            Region = request.Region,
            Arn = access.Resource,
            CreatedAt = clock.GetUtcNow(),
            Tags = tags,
            TagMutability = Mutability(request),
            ScanOnPush = request.Flag("imageScanningConfiguration", "scanOnPush"),
            EncryptionType = encryption,
            KmsKey =
                encryption == Aes
                    ? null
                    : request.Text("encryptionConfiguration", "kmsKey")
                        ?? new Arn(
                            request.Principal.Account.Partition,
                            "kms",
                            request.Region,
                            account,
                            $"key/{AwsManagedKey}"
                        ).ToString(),
        };
        var created = store.Change(account, request.Region, registry => registry.Repositories.TryAdd(name, repository));
        return created
            ? new() { ["repository"] = AnswerShapes.Describe(repository, request.UriOf(repository)) }
            : throw new EcrException(
                "RepositoryAlreadyExistsException",
                $"The repository with name '{name}' already exists in the registry with id '{account}'"
            );
    }

    private static Dictionary<string, string> ReadTags(EcrRequest request)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in request.List("tags") ?? [])
        {
            var key = EcrRequest.TextOf(tag, "Key", "tags") ?? throw EcrRequest.Missing("tags.Key");
            if (
                key.Length is 0 or > 128
                || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                || !tags.TryAdd(key, EcrRequest.TextOf(tag, "Value", "tags") ?? "")
            )
            {
                throw new EcrException(
                    "InvalidTagParameterException",
                    $"The tag key '{key}' is given twice, or is not allowed"
                );
            }
        }

        return Limited(tags);
    }

    private static Dictionary<string, string> Limited(Dictionary<string, string> tags) =>
        tags.Count > MostTags
            ? throw new EcrException("TooManyTagsException", $"A repository can have at most {MostTags} tags")
            : tags;

    public JsonObject DescribeRepositories(EcrRequest request)
    {
        var account = request.RegistryAccount;
        var names = request.Texts("repositoryNames") ?? [];
        foreach (var name in names.DefaultIfEmpty("*"))
        {
            authorizer.Require(
                request.AccessTo(account, name == "*" ? name : request.CheckedName(name, "repositoryNames"))
            );
        }

        var repositories = store.Read(
            account,
            request.Region,
            registry =>
                names.Count == 0
                    ? registry.Repositories.Values.ToList()
                    :
                    [
                        .. names.Select(name =>
                            registry.Repositories.GetValueOrDefault(name)
                            ?? throw EcrException.RepositoryNotFound(name, account)
                        ),
                    ]
        );
        return Page.CreateResponse(
            request,
            "repositories",
            [.. repositories.Select(repository => AnswerShapes.Describe(repository, request.UriOf(repository)))]
        );
    }

    public JsonObject ListTagsForResource(EcrRequest request) =>
        new()
        {
            ["tags"] = new JsonArray([
                .. Tagged(request).Tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value }),
            ]),
        };

    public JsonObject TagResource(EcrRequest request)
    {
        request.RequiredList("tags", MostTags);
        var tags = ReadTags(request);
        var repository = Tagged(request, access => access with { RequestTags = tags });
        store.Change(
            repository,
            () =>
                repository.Tags = Limited(
                    tags.Concat(repository.Tags)
                        .DistinctBy(tag => tag.Key, StringComparer.Ordinal)
                        .ToDictionary(StringComparer.Ordinal)
                )
        );
        return [];
    }

    public JsonObject UntagResource(EcrRequest request)
    {
        request.RequiredList("tagKeys", MostTags);
        var keys = request.Texts("tagKeys")!;
        var repository = Tagged(request, access => access with { TagKeys = [.. keys] });
        store.Change(
            repository,
            () =>
                repository.Tags = repository
                    .Tags.Where(tag => !keys.Contains(tag.Key, StringComparer.Ordinal))
                    .ToDictionary(StringComparer.Ordinal)
        );
        return [];
    }

    public JsonObject PutImageScanningConfiguration(EcrRequest request, Repository repository)
    {
        var configuration = request.Find("imageScanningConfiguration") is null
            ? throw EcrRequest.Missing("imageScanningConfiguration")
            : request.Flag("imageScanningConfiguration", "scanOnPush");
        store.Change(repository, () => repository.ScanOnPush = configuration);
        return new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = repository.ScanOnPush },
        };
    }

    /// <summary>The repository that an ARN of the request names.</summary>
    private Repository Tagged(EcrRequest request, Func<Access, Access>? with = null)
    {
        var (account, region, name) =
            RepositoryArn.Parse(request.RequiredText("resourceArn"))
            ?? throw EcrException.InvalidParameter("resourceArn", "Invalid ARN");
        var access = request.AccessTo(account, name);
        authorizer.Require(with?.Invoke(access) ?? access);
        return store.FindRepository(account, region, name) ?? throw EcrException.RepositoryNotFound(name, account);
    }

    public JsonObject DeleteRepository(EcrRequest request, Repository repository)
    {
        store.Change(
            repository.Account,
            repository.Region,
            registry =>
                repository.Images.Count == 0 || request.Flag("force")
                    ? registry.Repositories.Remove(repository.Name)
                    : throw new EcrException(
                        "RepositoryNotEmptyException",
                        $"The repository with name '{repository.Name}' in registry with id '{repository.Account}' cannot be deleted because it still contains images"
                    )
        );
        return new() { ["repository"] = AnswerShapes.Describe(repository, request.UriOf(repository)) };
    }

    public static JsonObject GetRepositoryPolicy(EcrRequest request, Repository repository) =>
        PolicyAnswer(repository, repository.Policy ?? throw NoPolicy(repository));

    public JsonObject SetRepositoryPolicy(EcrRequest request, Repository repository)
    {
        var policy = request.RequiredText("policyText");
        policyRules.Check(request, repository, policy);
        store.Change(repository, () => repository.Policy = policy);
        return PolicyAnswer(repository, policy);
    }

    public JsonObject DeleteRepositoryPolicy(EcrRequest request, Repository repository)
    {
        var policy = repository.Policy ?? throw NoPolicy(repository);
        store.Change(repository, () => repository.Policy = null);
        return PolicyAnswer(repository, policy);
    }

    public JsonObject PutImageTagMutability(EcrRequest request, Repository repository)
    {
        var mutability = Mutability(request);
        store.Change(repository, () => repository.TagMutability = mutability);
        var answer = new JsonObject { ["registryId"] = repository.Account, ["repositoryName"] = repository.Name };
        AnswerShapes.AddMutability(answer, mutability);
        return answer;
    }

    private static TagMutability Mutability(EcrRequest request) =>
        TagMutabilityModes.Parse(
            request.Text("imageTagMutability") ?? "MUTABLE",
            [
                .. (request.List(ExclusionFilters) ?? []).Select(filter =>
                    EcrRequest.TextOf(filter, "filterType", ExclusionFilters) is "WILDCARD"
                        ? EcrRequest.TextOf(filter, "filter", ExclusionFilters)
                            ?? throw EcrRequest.Missing($"{ExclusionFilters}.filter")
                        : throw EcrException.InvalidParameter(
                            $"{ExclusionFilters}.filterType",
                            "Member must satisfy enum value set: [WILDCARD]"
                        )
                ),
            ]
        );

    private static JsonObject PolicyAnswer(Repository repository, string policy) =>
        new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["policyText"] = policy,
        };

    private static EcrException NoPolicy(Repository repository) =>
        new(
            "RepositoryPolicyNotFoundException",
            $"Repository policy does not exist for the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
        );
}
