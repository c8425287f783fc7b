using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>The modes that the API accepts.</summary>
internal static class TagMutabilityModes
{
    public static readonly IReadOnlyList<string> All =
    [
        "MUTABLE",
        "IMMUTABLE",
        "MUTABLE_WITH_EXCLUSION",
        "IMMUTABLE_WITH_EXCLUSION",
    ];

    /// <summary>The setting of a repository creation template, as the API writes it.</summary>
    public static TagMutability FromTemplate(JsonObject template) =>
        Parse(
            (string)template["imageTagMutability"]!,
            [
                .. template["imageTagMutabilityExclusionFilters"]?.AsArray().Select(item => (string)item!["filter"]!)
                    ?? [],
            ]
        );

    public static TagMutability Parse(string mode, IReadOnlyList<string> filters)
    {
        if (!All.Contains(mode, StringComparer.Ordinal))
        {
            throw EcrException.InvalidParameter(
                "imageTagMutability",
                $"Member must satisfy enum value set: [{string.Join(", ", All)}]"
            );
        }

        return mode.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal) == filters.Count > 0
            ? new(mode, filters)
            : throw EcrException.InvalidParameter(
                "imageTagMutabilityExclusionFilters",
                "Exclusion filters are required for, and only for, the WITH_EXCLUSION settings"
            );
    }
}
