namespace EcrBuildTasks.Policies.Lint;

/// <summary>One thing that is wrong with a policy.</summary>
/// <param name="Sentence">The statement, what is wrong with it and what to do, in words.</param>
/// <param name="Statement">The statement; <see langword="null"/> for the policy as a whole.</param>
public sealed record LintFinding(LintProblem Problem, string Sentence, StatementReference? Statement);
