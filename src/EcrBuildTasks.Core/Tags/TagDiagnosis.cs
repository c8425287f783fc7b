using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Diagnostics for floating tags that cannot be moved.</summary>
internal static class TagDiagnosis
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
            $"The floating {tags} of {image} {exist}, and the repository does not allow moving {them}{mode}. {remedy}, or push without floating tags.",
            Remedy(image, stuck, mutability)
        );
    }

    /// <summary>A creation template will make floating tags immutable: the first push sets them, and no later one moves them.</summary>
    public static EcrDiagnostic StuckLater(
        ImageReference image,
        IReadOnlyList<string> stuck,
        CreationTemplate template
    ) =>
        EcrDiagnostic.Warning(
            EcrCode.TagImmutable,
            $"The push creates the repository {image.Repository} by the creation template {template.Prefix}, which makes the floating tag{(stuck is [_] ? "" : "s")} {string.Join(", ", stuck)} immutable: this push sets {(stuck is [_] ? "it" : "them")}, and later pushes cannot move {(stuck is [_] ? "it" : "them")}.",
            "Exclude floating tags from immutability in the template, before the push:",
            $"  aws ecr update-repository-creation-template --region {image.Registry.Region} --prefix {template.Prefix} --image-tag-mutability {WithExclusion} --image-tag-mutability-exclusion-filters {string.Join(' ', stuck.Take(MostFilters).Select(filter => $"'filterType=WILDCARD,filter={filter}'"))}"
        );

    /// <summary>The registry is in Amazon ECR Public.</summary>
    public static EcrDiagnostic Public(EcrRegistry registry) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"Floating tags are not supported for {registry}: they require a private registry. Name these tags beside the others; every push moves them."
        );

    private static IReadOnlyList<string> Remedy(
        ImageReference image,
        IReadOnlyList<string> stuck,
        TagMutability? mutability
    ) =>
        ExclusionCommand(image, stuck, mutability) is { } command
            ?
            [
                "This command excludes the tags of this push; later versions need their own floating tags, such as 1 or 1.4, excluded as well:",
                $"  {command}",
            ]
            :
            [
                $"A repository supports at most {MostFilters} exclusion filters. With MUTABLE_WITH_EXCLUSION, filters such as 1.*.* make versions immutable, and floating tags can move.",
            ];

    /// <summary>An immutable tag points to an archived image, which cannot be pulled and so seems to be missing.</summary>
    /// <param name="digest">The digest of the archived image.</param>
    public static EcrDiagnostic Archived(ImageReference image, string tag, string digest) =>
        EcrDiagnostic.Error(
            EcrCode.ImageArchived,
            $"The tag {tag} of {image} belongs to the archived image {digest}: it cannot be pulled, and the repository does not allow moving the tag. Restore the image, delete it, or push another version.",
            "This command restores it, which can take several minutes:",
            $"  aws ecr update-image-storage-class --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-id imageDigest={digest} --target-storage-class STANDARD"
        );

    /// <summary>Tags of the push exist, and the repository does not allow moving them.</summary>
    /// <param name="tags">The tags of the push, with the mutability of the repository.</param>
    public static EcrDiagnostic Immutable(ImageReference image, ExistingTags tags, IfTagExists rule)
    {
        var mutability = tags.Mutability!;
        var stuck = tags.Immutable;
        string[] names = [.. stuck.Select(existing => existing.Tag)];
        var (what, exist, them) = names is [var only]
            ? ($"tag {only} of {image} exists ({stuck[0].Digest})", "", "it")
            : ($"tags {string.Join(", ", names)} of {image}", " exist", "them");
        var cause = $"The {what}{exist}, and the repository does not allow moving {them} ({mutability.Mode}).";
        var diagnostic =
            rule is IfTagExists.Skip
                ? EcrDiagnostic.Error(
                    EcrCode.TagImmutable,
                    $"{cause} EcrIfTagExists=Skip (--skip-if-exists) skips a push only if all its tags exist, but {string.Join(", ", tags.Absent)} {(tags.Absent is [_] ? "does" : "do")} not. Push another version, or remove {(tags.Absent is [_] ? "that tag" : "those tags")}."
                )
                : EcrDiagnostic.Failed(EcrCode.TagImmutable, cause);
        return diagnostic with
        {
            Details =
            [
                .. names is [_]
                    ? Array.Empty<string>()
                    : stuck.Select(existing => $"{existing.Tag} is {existing.Digest}."),
                .. names.Select(tag => Reason(tag, mutability)),
            ],
        };
    }

    private static string Reason(string tag, TagMutability mutability) =>
        mutability.FiltersMatching(tag) is [_, ..] keeping
            ? $"The exclusion filter {string.Join(", ", keeping)} makes {tag} immutable."
        : mutability.ExclusionFilters.Count > 0
            ? $"No exclusion filter matches {tag}: {string.Join(", ", mutability.ExclusionFilters)}."
        : $"No exclusion filter excludes {tag} from immutability.";

    /// <summary>The maximum number in ECR.</summary>
    private const int MostFilters = 5;

    private const string WithExclusion = "IMMUTABLE_WITH_EXCLUSION";

    /// <returns><see langword="null"/> where excluding them is not the way, or too many filters would be needed.</returns>
    private static string? ExclusionCommand(ImageReference image, IReadOnlyList<string> tags, TagMutability? mutability)
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
