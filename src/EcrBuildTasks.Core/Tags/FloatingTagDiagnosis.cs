using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Diagnostics for floating tags that cannot be moved.</summary>
internal static class FloatingTagDiagnosis
{
    /// <summary>Tags exist, and the repository does not allow moving them.</summary>
    /// <param name="mutability">
    /// The tag mutability of the repository; <see langword="null"/> if unknown.
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
            $"The floating {tags} of {image} {exist}, and the repository does not allow moving {them}{mode}. {remedy}, or set EcrFloatingTags to false.",
            Remedy(image, stuck, mutability)
        );
    }

    /// <summary>The registry is in Amazon ECR Public.</summary>
    public static EcrDiagnostic Public(EcrRegistry registry) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"EcrFloatingTags is not supported for {registry}: floating tags require a private registry. Add the tags to EcrImageTags, which moves them with every push."
        );

    private static IReadOnlyList<string> Remedy(
        ImageReference image,
        IReadOnlyList<string> stuck,
        TagMutability? mutability
    ) =>
        TagExclusion.Command(image, stuck, mutability) is { } command
            ?
            [
                "This command excludes the tags of this push; later versions need their own floating tags, such as 1 or 1.4, excluded as well:",
                $"  {command}",
            ]
            :
            [
                $"A repository supports at most {TagExclusion.MostFilters} exclusion filters. With MUTABLE_WITH_EXCLUSION, filters such as 1.*.* make versions immutable, and floating tags can move.",
            ];
}
