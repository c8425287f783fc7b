using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

internal static class DecisionText
{
    public static string Of(Decision decision) =>
        decision.DecidedBy is { } statement
            ? $"{decision.Verdict} by {CaseStatement.Of(statement)}{Sid(statement)}"
            : decision.Verdict.ToString();

    /// <returns>What no statement shows; <see langword="null"/> when the deciding statement says it all.</returns>
    public static string? Reason(Decision decision) =>
        decision switch
        {
            { Missing.Count: > 0 } => $"not known: {string.Join("; ", decision.Missing)}",
            { Silent.Count: > 0 } => $"no Allow in the {string.Join(", nor in the ", decision.Silent.Select(Policy))}",
            { Verdict: Verdict.Allowed, DecidedBy: null } =>
                "the root user needs no Allow on the side of its own account",
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
