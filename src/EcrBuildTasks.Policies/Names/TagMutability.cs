using System.IO.Enumeration;

namespace EcrBuildTasks.Policies.Names;

/// <summary>Whether a tag in a repository can be moved to another image.</summary>
/// <param name="Mode"><c>MUTABLE</c>, <c>IMMUTABLE</c>, <c>MUTABLE_WITH_EXCLUSION</c> or <c>IMMUTABLE_WITH_EXCLUSION</c>.</param>
/// <param name="ExclusionFilters">Patterns with <c>*</c> for the tags to which the opposite applies.</param>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html</remarks>
public sealed record TagMutability(string Mode, IReadOnlyList<string> ExclusionFilters)
{
    /// <summary>Whether an existing tag cannot be moved; an unknown mode is treated as mutable.</summary>
    public bool IsImmutable(string tag) =>
        Mode switch
        {
            "IMMUTABLE" => true,
            "IMMUTABLE_WITH_EXCLUSION" => !IsExcluded(tag),
            "MUTABLE_WITH_EXCLUSION" => IsExcluded(tag),
            _ => false,
        };

    public IReadOnlyList<string> FiltersMatching(string tag) =>
        [.. ExclusionFilters.Where(filter => FileSystemName.MatchesSimpleExpression(filter, tag, ignoreCase: false))];

    private bool IsExcluded(string tag) => FiltersMatching(tag).Count > 0;
}
