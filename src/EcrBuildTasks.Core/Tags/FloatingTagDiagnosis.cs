using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Words for floating tags that cannot be moved.</summary>
internal static class FloatingTagDiagnosis
{
    /// <summary>Tags exist, and the repository does not let them be moved.</summary>
    /// <param name="mutability">
    /// What the repository lets be moved; <see langword="null"/> when that was not seen.
    /// </param>
    public static EcrDiagnostic Stuck(ImageReference image, IReadOnlyList<string> stuck, TagMutability? mutability)
    {
        var (tags, exist, them) = stuck is [_]
            ? ($"tag {stuck[0]}", "exists", "it")
            : ($"tags {string.Join(", ", stuck)}", "exist", "them");
        var mode = mutability is null ? "" : $" ({mutability.Mode})";
        var remedy = mutability is { Mode: "MUTABLE_WITH_EXCLUSION", ExclusionFilters: var filters }
            ? $"Change its exclusion filters ({string.Join(", ", filters)})"
            : $"Exclude {them} from immutability (IMMUTABLE_WITH_EXCLUSION)";
        return EcrDiagnostic.Error(
            EcrCode.TagImmutable,
            $"The floating {tags} of {image} {exist}, and the repository does not let {them} be moved{mode}. {remedy}, or set EcrFloatingTags to false.",
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
    ) =>
        TagExclusion.Command(image, stuck, mutability) is { } command
            ?
            [
                "This command excludes what stands in the way now; a later version needs its own 1 or 1.4 excluded as well:",
                $"  {command}",
            ]
            :
            [
                $"A repository takes {TagExclusion.MostFilters} filters at most. In one that is MUTABLE_WITH_EXCLUSION, filters such as 1.*.* keep versions where they are and let floating tags move.",
            ];
}
