using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Which statement of the repository policy denies, and how to exempt the caller.</summary>
internal static class ExplicitDenial
{
    public static IEnumerable<string> Lines(PreflightReport report, FixRequest request) =>
        report.Repository.Policy is Presence.NotSeen
            ? report.Repository.NotSeen.Select(what => $"Could not read: {what}.")
            : DenyExceptions.For(request).SelectMany(denial => Lines(denial, request));

    private static IEnumerable<string> Lines(DenyException denial, FixRequest request)
    {
        var name = StatementName.Of(denial.Reference);
        var denies = denial.IsCertain ? $"{name} denies" : $"{name} may deny the push, depending on its condition";
        if (denial.Statement is null)
        {
            yield return $"In the repository policy, {denies}.";
            yield break;
        }

        yield return $"In the repository policy, {denies}. In account {request.RepositoryAccount}, replace it with this statement, which exempts the caller and still denies everyone else:";
        foreach (var line in denial.Statement.ToJson(indented: true).Split('\n'))
        {
            yield return $"  {line.TrimEnd('\r')}";
        }

        if (denial.OtherActions.Count > 0)
        {
            yield return $"It also exempts the caller from the other actions of the statement: {string.Join(", ", denial.OtherActions)}.";
        }
    }
}
