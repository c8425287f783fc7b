using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

internal static class DecisionText
{
    public static string Describe(Decision decision) =>
        decision.DecidedBy is { } statement
            ? $"{decision.Verdict} by {CaseStatement.FromReference(statement)}{Sid(statement)}"
            : decision.Verdict.ToString();

    /// <returns>The reason beyond the deciding statement; <see langword="null"/> if there is none.</returns>
    public static string? Reason(Decision decision) =>
        decision switch
        {
            { Missing.Count: > 0 } => $"unknown: {string.Join("; ", decision.Missing)}",
            { Silent.Count: > 0 } => $"no Allow in the {string.Join(" or in the ", decision.Silent.Select(Policy))}",
            { Verdict: Verdict.Allowed, DecidedBy: null } => "the root user does not need an Allow in its own account",
            _ => null,
        };

    private static string Sid(StatementReference statement) => statement.Sid is { } sid ? $" (Sid \"{sid}\")" : "";

    private static string Policy(PolicyKind kind) =>
        kind switch
        {
            PolicyKind.Identity => "caller's identity policies",
            PolicyKind.PermissionsBoundary => "caller's permissions boundary",
            PolicyKind.Session => "caller's session policy",
            _ => $"{CaseStatement.NameOf(kind)} policy",
        };
}
