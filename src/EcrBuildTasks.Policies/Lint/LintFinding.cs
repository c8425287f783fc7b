namespace EcrBuildTasks.Policies.Lint;

/// <summary>A mistake in a policy.</summary>
/// <param name="Sentence">Which statement has which mistake, and how to fix it.</param>
/// <param name="Statement">The statement; <see langword="null"/> for the policy as a whole.</param>
public sealed record LintFinding(LintProblem Problem, string Sentence, StatementReference? Statement);
