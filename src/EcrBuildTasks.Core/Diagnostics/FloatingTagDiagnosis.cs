using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Diagnostics;

/// <summary>Words for floating tags that cannot be moved.</summary>
internal static class FloatingTagDiagnosis
{
    private const string WithExclusion = "IMMUTABLE_WITH_EXCLUSION";

    /// <summary>As many as ECR takes.</summary>
    private const int MostFilters = 5;

    /// <summary>Tags exist, and the repository does not let them be moved.</summary>
    /// <param name="image">The image.</param>
    /// <param name="stuck">The tags.</param>
    /// <param name="mutability">What the repository lets be moved; <see langword="null"/> when that was not seen.</param>
    public static EcrDiagnostic Stuck(ImageReference image, IReadOnlyList<string> stuck, TagMutability? mutability)
    {
        var (tags, exist, them) = stuck is [_]
            ? ($"tag {stuck[0]}", "exists", "it")
            : ($"tags {Words.List(stuck)}", "exist", "them");
        var mode = mutability is null ? "" : $" ({mutability.Mode})";
        return EcrDiagnostic.Error(
            EcrCode.TagImmutable,
            $"The floating {tags} of {image} {exist}, and the repository does not let {them} be moved{mode}. Exclude {them} from immutability ({WithExclusion}), or set EcrFloatingTags to false.",
            Remedy(image, stuck, mutability)
        );
    }

    /// <summary>The registry is one of Amazon ECR Public.</summary>
    public static EcrDiagnostic Public(EcrRegistry registry) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"EcrFloatingTags cannot be true for {registry}: floating tags move in private registries only. Name them in EcrImageTags, which moves them with every push."
        );

    private static IReadOnlyList<string> Remedy(
        ImageReference image,
        IReadOnlyList<string> stuck,
        TagMutability? mutability
    )
    {
        string[] filters = mutability?.Mode switch
        {
            "IMMUTABLE" => [.. stuck],
            WithExclusion => [.. mutability.ExclusionFilters, .. stuck],
            _ => [],
        };
        return filters.Length is 0 or > MostFilters
            ?
            [
                $"A repository takes {MostFilters} filters at most. In one that is MUTABLE_WITH_EXCLUSION, filters such as 1.*.* keep versions where they are and let floating tags move.",
            ]
            :
            [
                "This command excludes what stands in the way now; a later version needs its own 1 or 1.4 excluded as well:",
                $"  aws ecr put-image-tag-mutability --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-tag-mutability {WithExclusion} --image-tag-mutability-exclusion-filters {string.Join(' ', filters.Select(filter => $"'filterType=WILDCARD,filter={filter}'"))}",
            ];
    }
}
