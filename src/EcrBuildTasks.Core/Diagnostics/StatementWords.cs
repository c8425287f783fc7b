using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Diagnostics;

/// <summary>Names a statement as its owner finds it: by its <c>Sid</c>, else by its place, counted from 1.</summary>
internal static class StatementWords
{
    public static string Of(StatementReference statement) =>
        $"statement {(statement.Sid is { } sid ? $"'{sid}'" : $"{statement.Index + 1}")} of {Policy(statement)}";

    private static string Policy(StatementReference statement) =>
        statement.Policy switch
        {
            PolicyKind.Repository => "the repository policy",
            PolicyKind.Identity => $"the caller's identity policy {statement.PolicyName}",
            var other => Guardrails.Name(other),
        };
}
