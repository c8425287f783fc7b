using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Preflight;

/// <summary>Names a statement and its policy.</summary>
internal static class StatementWords
{
    public static string Describe(StatementReference statement) =>
        $"{StatementName.Describe(statement)} of {Policy(statement)}";

    private static string Policy(StatementReference statement) =>
        statement.Policy switch
        {
            PolicyKind.Repository => "the repository policy",
            PolicyKind.Identity => $"the caller's identity policy {statement.PolicyName}",
            var other => Guardrails.Name(other),
        };
}
