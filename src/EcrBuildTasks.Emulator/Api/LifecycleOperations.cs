using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations on a repository's lifecycle policy, which is kept but not obeyed.</summary>
internal sealed class LifecycleOperations(RegistryStore store)
{
    private const int Shortest = 100;
    private const int Longest = 30_720;

    public JsonObject PutLifecyclePolicy(EcrRequest request, Repository repository)
    {
        var policy = request.RequiredText("lifecyclePolicyText");
        if (policy.Length is < Shortest or > Longest || !IsPolicy(policy))
        {
            throw EcrException.InvalidParameter("LifecyclePolicyText", "Lifecycle policy validation failure");
        }

        store.Change(repository, () => repository.LifecyclePolicy = policy);
        return Answer(repository, policy);
    }

    public static JsonObject GetLifecyclePolicy(EcrRequest request, Repository repository) =>
        Answer(
            repository,
            repository.LifecyclePolicy
                ?? throw new EcrException(
                    "LifecyclePolicyNotFoundException",
                    $"Lifecycle policy does not exist for the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
                )
        );

    public JsonObject DeleteLifecyclePolicy(EcrRequest request, Repository repository)
    {
        var answer = GetLifecyclePolicy(request, repository);
        store.Change(repository, () => repository.LifecyclePolicy = null);
        return answer;
    }

    private static bool IsPolicy(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("rules", out var rules)
                && rules.ValueKind is JsonValueKind.Array
                && rules.EnumerateArray().All(rule => rule.ValueKind is JsonValueKind.Object);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonObject Answer(Repository repository, string policy) =>
        new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["lifecyclePolicyText"] = policy,
            // It is never evaluated.
            ["lastEvaluatedAt"] = 0,
        };
}
