using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>The words of clients, engines and AWS, from the most telling to the most general; the first that fits wins.</summary>
/// <remarks>AWS's sentence about a denied request is read by <see cref="DenialMessage"/>.</remarks>
internal static class FailureRules
{
    public static IReadOnlyList<FailureRule> All { get; } =
    [.. RegistryRules.All, .. AccessRules.All, .. StatusRules.All];
}
