using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Which statement of the repository policy denies, and what to exempt from it.</summary>
internal static class ExplicitDenial
{
    public static IEnumerable<string> Lines(PreflightReport report, FixRequest request) =>
        report.Repository.Policy is Presence.NotSeen
            ? report.Repository.NotSeen.Select(what => $"Could not read: {what}.")
            : DenyExceptions.For(request).SelectMany(denial => Lines(denial, request));

    private static IEnumerable<string> Lines(DenyException denial, FixRequest request)
    {
        var name = StatementName.Describe(denial.Reference);
        var denies = denial.IsCertain ? $"{name} denies" : $"{name} may deny the push, depending on its condition";
        if (denial.Statement is null)
        {
            yield return $"In the repository policy, {denies}.";
            yield break;
        }

        yield return $"In the repository policy, {denies}. In account {request.RepositoryAccount}, replace it with this, which exempts the caller:";
        foreach (var line in denial.Statement.ToLines(PolicyFix.TerminalWidth))
        {
            yield return $"  {line}";
        }

        if (denial.OtherActions.Count > 0)
        {
            yield return $"It also exempts the caller from the statement's other actions: {string.Join(", ", denial.OtherActions)}.";
        }
    }
}
