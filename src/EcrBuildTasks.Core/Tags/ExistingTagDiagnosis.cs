using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Diagnostics for existing tags that cannot be moved.</summary>
internal static class ExistingTagDiagnosis
{
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
        var remedy =
            rule is IfTagExists.Skip
                ? $"EcrIfTagExists=Skip skips a push only if all its tags exist, but {string.Join(", ", tags.Absent)} {(tags.Absent is [_] ? "does" : "do")} not. Push another version, or remove {(tags.Absent is [_] ? "that tag" : "those tags")}."
                : "Push another version (-p:Version=<version>), or set EcrIfTagExists to Skip to skip the push without an error.";
        return EcrDiagnostic.Error(
            EcrCode.TagImmutable,
            $"The {what}{exist}, and the repository does not allow moving {them} ({mutability.Mode}). {remedy}",
            [
                .. names is [_]
                    ? Array.Empty<string>()
                    : stuck.Select(existing => $"{existing.Tag} is {existing.Digest}."),
                .. names.Select(tag => Reason(tag, mutability)),
                .. TagExclusion.Command(image, names, mutability) is { } command
                    ?
                    [
                        $"This command makes {them} movable for everyone who can push to the repository:",
                        $"  {command}",
                    ]
                    : Array.Empty<string>(),
            ]
        );
    }

    private static string Reason(string tag, TagMutability mutability) =>
        mutability.FiltersMatching(tag) is [_, ..] keeping
            ? $"The exclusion filter {string.Join(", ", keeping)} makes {tag} immutable."
        : mutability.ExclusionFilters.Count > 0
            ? $"No exclusion filter matches {tag}: {string.Join(", ", mutability.ExclusionFilters)}."
        : $"No exclusion filter excludes {tag} from immutability.";
}
