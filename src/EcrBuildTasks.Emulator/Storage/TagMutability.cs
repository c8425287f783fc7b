using System.IO.Enumeration;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Whether image tags may move.</summary>
internal sealed record TagMutability(string Mode, IReadOnlyList<string> ExclusionFilters)
{
    public static readonly IReadOnlyList<string> Modes =
    [
        "MUTABLE",
        "IMMUTABLE",
        "MUTABLE_WITH_EXCLUSION",
        "IMMUTABLE_WITH_EXCLUSION",
    ];

    public bool HasExclusions => Mode.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal);

    public bool IsImmutable(string tag)
    {
        var immutable = Mode.StartsWith("IMMUTABLE", StringComparison.Ordinal);
        var excluded =
            HasExclusions
            && ExclusionFilters.Any(filter => FileSystemName.MatchesSimpleExpression(filter, tag, ignoreCase: false));
        return immutable != excluded;
    }

    public static TagMutability Create(string mode, IReadOnlyList<string> filters)
    {
        if (!Modes.Contains(mode, StringComparer.Ordinal))
        {
            throw EcrException.InvalidParameter(
                "imageTagMutability",
                $"Member must satisfy enum value set: [{string.Join(", ", Modes)}]"
            );
        }

        var mutability = new TagMutability(mode, filters);
        return mutability.HasExclusions == filters.Count > 0
            ? mutability
            : throw EcrException.InvalidParameter(
                "imageTagMutabilityExclusionFilters",
                "Exclusion filters are required for, and only for, the WITH_EXCLUSION settings"
            );
    }
}
