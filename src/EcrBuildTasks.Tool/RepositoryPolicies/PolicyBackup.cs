using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>A repository's policy as it was before a change.</summary>
/// <param name="Repository">The repository's name.</param>
/// <param name="PolicyText">The exact policy text; <see langword="null"/> if there was none.</param>
internal sealed record PolicyBackup(EcrRegistry Registry, string Repository, string? PolicyText)
{
    /// <returns>The file's name.</returns>
    /// <exception cref="DiagnosedException">The file cannot be written.</exception>
    public string Write(string folder, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var stem = $"ecr-policy-{Registry.Account}-{Repository.Replace('/', '-')}-{time}";
        // Two changes can happen in one second.
        var name = Enumerable
            .Range(1, int.MaxValue)
            .Select(number => number == 1 ? $"{stem}.json" : $"{stem}-{number}.json")
            .First(free => !File.Exists(Path.Combine(folder, free)));
        try
        {
            // A backup never overwrites another.
            using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew);
            file.Write(Encoding.UTF8.GetBytes(ToJson()));
            return name;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw PolicySource.Unreadable(
                $"The backup {name} cannot be written, so the policy was not changed: {failure.Message}"
            );
        }
    }

    /// <exception cref="DiagnosedException">The file is not a backup.</exception>
    public static PolicyBackup Read(string file)
    {
        var text = PolicySource.ReadText(file);
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            // Without a policy text the policy would be removed, so null must be explicit.
            if (
                root.ValueKind is JsonValueKind.Object
                && TextOf(root, "registry") is { } registry
                && TextOf(root, "repository") is { } repository
                && root.TryGetProperty("policyText", out var policy)
                && policy.ValueKind is JsonValueKind.String or JsonValueKind.Null
            )
            {
                var parsed = EcrRegistry.Parse(registry);
                return new(parsed, RepositoryName.Parse(repository, parsed.Kind), policy.GetString());
            }
        }
        catch (JsonException)
        {
            // Reported below.
        }

        throw PolicySource.Unreadable(
            $"{InputFile.NameOf(file)} is not a policy backup: registry, repository and policyText are required, as written by `dotnet ecr policy fix --apply`."
        );
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private string ToJson() =>
        new JsonObject
        {
            ["registry"] = Registry.ToString(),
            ["region"] = Registry.Region,
            ["repository"] = Repository,
            ["policyText"] = PolicyText,
        }.ToText() + "\n";
}
