namespace EcrBuildTasks.Policies.Fixes;

public static class StatementName
{
    /// <summary>A statement by its <c>Sid</c>, or by its place counted from 1: <c>statement 'Push'</c>, <c>statement 2</c>.</summary>
    public static string Describe(StatementReference statement) =>
        statement.Sid is { } sid ? $"statement '{new UntrustedText(sid)}'" : $"statement {statement.Index + 1}";
}
