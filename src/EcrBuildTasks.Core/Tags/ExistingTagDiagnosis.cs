using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>Words for tags that exist and stay where they are.</summary>
internal static class ExistingTagDiagnosis
{
    /// <summary>Tags of the push exist, and the repository does not let them be moved.</summary>
    /// <param name="tags">The tags of the push, with the mutability that was read.</param>
    public static EcrDiagnostic Immutable(ImageReference image, ExistingTags tags, IfTagExists rule)
    {
        var mutability = tags.Mutability!;
        var stuck = tags.Immutable;
        string[] names = [.. stuck.Select(there => there.Tag)];
        var (what, exist, them) = names is [var only]
            ? ($"tag {only} of {image} exists ({stuck[0].Digest})", "", "it")
            : ($"tags {string.Join(", ", names)} of {image}", " exist", "them");
        var wish =
            rule is IfTagExists.Skip
                ? $"EcrIfTagExists=Skip skips a push only when all its tags are there, and {string.Join(", ", tags.Absent)} {(tags.Absent is [_] ? "is" : "are")} not: push another version, or leave {(tags.Absent is [_] ? "that tag" : "those tags")} out."
                : "Push another version (-p:Version=<version>), or set EcrIfTagExists to Skip to succeed without a push.";
        return EcrDiagnostic.Error(
            EcrCode.TagImmutable,
            $"The {what}{exist}, and the repository does not let {them} be moved ({mutability.Mode}). {wish}",
            [
                .. names is [_] ? Array.Empty<string>() : stuck.Select(there => $"{there.Tag} is {there.Digest}."),
                .. names.Select(tag => Reason(tag, mutability)),
                .. TagExclusion.Command(image, names, mutability) is { } command
                    ?
                    [
                        $"This command would let {them} be moved, here and by everyone else who may push:",
                        $"  {command}",
                    ]
                    : Array.Empty<string>(),
            ]
        );
    }

    private static string Reason(string tag, TagMutability mutability) =>
        mutability.FiltersMatching(tag) is [_, ..] keeping
            ? $"The filter {string.Join(", ", keeping)} keeps {tag} where it is."
        : mutability.ExclusionFilters.Count > 0
            ? $"None of the filters matches {tag}: {string.Join(", ", mutability.ExclusionFilters)}."
        : $"No filter excludes {tag} from immutability.";
}
