using System.Collections.Frozen;

namespace EcrBuildTasks.Policies;

/// <summary>The context keys that hold several values, whatever their number in one request.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html</remarks>
internal static class MultivaluedKeys
{
    private static readonly FrozenSet<string> Keys = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "aws:PrincipalOrgPaths",
        "aws:ResourceOrgPaths",
        "aws:SourceOrgPaths",
        "aws:VpceOrgPaths",
        "aws:CalledVia",
        "aws:PrincipalServiceNamesList",
        "aws:TagKeys"
    );

    public static bool Contains(string key) => Keys.Contains(key);
}
