using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Diagnostics;

/// <summary>What the repository policy says of the denied actions, and why that does not reach the caller.</summary>
internal static class RepositoryPolicyReading
{
    public static IEnumerable<string> Lines(PreflightReport report, IReadOnlyList<Denial> denials) =>
        report.Repository.Policy switch
        {
            Presence.Absent => [$"The repository {report.Image.Repository} has no policy."],
            Presence.NotSeen => report.Repository.NotSeen.Select(what => $"Not seen: {what}."),
            _ => NearMisses(report, denials),
        };

    /// <summary>The commonest of all mistakes: a statement that names one session of a role, and so one person or one run.</summary>
    private static IEnumerable<string> NearMisses(PreflightReport report, IReadOnlyList<Denial> denials)
    {
        var statements = report.Repository.PolicyDocument!.Statements;
        for (var index = 0; index < statements.Count; index++)
        {
            var statement = statements[index];
            if (
                statement is not { Effect: Effect.Allow, Principal: { IsNegated: false } element }
                || !denials.Any(denial => statement.Action.Matches(denial.Verdict.Action))
            )
            {
                continue;
            }

            foreach (var session in element.Principals.Where(p => p.Kind is PrincipalKind.RoleSession))
            {
                var name = statement.Sid is { } sid ? $"'{sid}'" : $"{index + 1}";
                yield return $"Statement {name} of the repository policy allows only the session {session.Text}: a session's name is somebody's own, or a run's own. The statement below names the role instead.";
            }
        }
    }
}
