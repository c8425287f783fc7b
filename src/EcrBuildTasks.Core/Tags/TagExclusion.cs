using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>The command that makes tags movable in an immutable repository.</summary>
internal static class TagExclusion
{
    /// <summary>The maximum number in ECR.</summary>
    public const int MostFilters = 5;

    private const string WithExclusion = "IMMUTABLE_WITH_EXCLUSION";

    /// <returns><see langword="null"/> where excluding them is not the way, or too many filters would be needed.</returns>
    public static string? Command(ImageReference image, IReadOnlyList<string> tags, TagMutability? mutability)
    {
        string[] filters = mutability?.Mode switch
        {
            "IMMUTABLE" => [.. tags],
            WithExclusion => [.. mutability.ExclusionFilters, .. tags],
            _ => [],
        };
        return filters.Length is 0 or > MostFilters
            ? null
            : $"aws ecr put-image-tag-mutability --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-tag-mutability {WithExclusion} --image-tag-mutability-exclusion-filters {string.Join(' ', filters.Select(filter => $"'filterType=WILDCARD,filter={filter}'"))}";
    }
}
