using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>
/// The last denial that a build of a project has left in its intermediate folder. Anyone who can write there can write it, so
/// that nothing of it is used that is not a valid name, and a person confirms what is granted.
/// </summary>
/// <param name="Principal">The caller that was denied.</param>
/// <param name="Actions">The denied actions that a push can need.</param>
/// <param name="File">The file, relative to the folder of the project.</param>
internal sealed record LastDenial(
    EcrRegistry Registry,
    string Repository,
    CallerIdentity Principal,
    IReadOnlyList<string> Actions,
    string File,
    DateTime Time
)
{
    private const string FileName = "policy-fix.json";
    private const int MostBytes = 1_000_000;

    /// <summary>A push needs no others, whatever the file says.</summary>
    private static readonly string[] OfPush =
    [
        .. PushAction.OnRepository,
        PushAction.ListImages,
        PushAction.DescribeImageScanFindings,
    ];

    /// <param name="project">The project, whose <c>ResultDirectory</c> depends on configuration and framework.</param>
    /// <returns><see langword="null"/> if no build was denied by a repository policy.</returns>
    public static LastDenial? Find(ProjectRequest project)
    {
        var folder = Path.GetDirectoryName(project.ProjectFile)!;
        var results = Path.Combine(folder, project["ResultDirectory"] ?? "obj");
        var intermediate = Path.Combine(folder, "obj") + Path.DirectorySeparatorChar;
        // Debug and Release, and each framework, have a folder of their own: obj/Release/net10.0/ecr, artifacts/obj/App/release/ecr.
        var root = results.StartsWith(intermediate, StringComparison.Ordinal)
            ? intermediate
            : Path.GetFullPath(Path.Combine(results, "..", ".."));
        return Directory.Exists(root)
            ? new DirectoryInfo(root)
                .EnumerateFiles(FileName, SearchOption.AllDirectories)
                .Where(file => file.Length < MostBytes)
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .Select(file => Read(file, folder))
                .FirstOrDefault(denial => denial is not null)
            : null;
    }

    public override string ToString() =>
        $"""
            From the denial of {Time:yyyy-MM-dd HH:mm} in {File}:
              Principal:  {Principal.Arn}
              Repository: {Repository} in account {Registry.Account}, {Registry.Region}
              Actions:    {string.Join(", ", Actions)}
            """;

    private static LastDenial? Read(FileInfo file, string folder)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(file.FullName)) is JsonArray fixes
                ? fixes.Select(fix => Read(fix, file, folder)).FirstOrDefault(denial => denial is not null)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static LastDenial? Read(JsonNode? fix, FileInfo file, string folder)
    {
        if (
            Text(fix, "policy") is not nameof(PolicyKind.Repository)
            || Arn.Parse(Text(fix, "repositoryArn"))
                is not { IsPublic: false, IsInOneAccount: true, Repository: { } repository } arn
            || !RepositoryName.IsValid(repository, RegistryKind.Private)
            || CallerIdentity.ForPrincipal(Text(fix, "principal") ?? "") is not { } principal
            || (fix as JsonObject)?["actions"] is not JsonArray actions
        )
        {
            return null;
        }

        string[] denied = [.. actions.Select(action => $"{action}").Intersect(OfPush, StringComparer.Ordinal)];
        return denied.Length == 0
            ? null
            : new(
                EcrRegistry.Create(arn.Account, arn.Region),
                repository,
                principal,
                denied,
                Path.GetRelativePath(folder, file.FullName),
                file.LastWriteTime
            );
    }

    private static string? Text(JsonNode? fix, string name) =>
        (fix as JsonObject)?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
