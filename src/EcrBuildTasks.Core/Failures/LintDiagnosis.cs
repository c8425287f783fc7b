using EcrBuildTasks.Policies.Lint;

namespace EcrBuildTasks.Failures;

/// <summary>Diagnostics for the findings of <see cref="PolicyLint"/>.</summary>
public static class LintDiagnosis
{
    /// <summary>A finding as a warning.</summary>
    public static EcrDiagnostic Describe(LintFinding finding) =>
        EcrDiagnostic.Warning(CodeOf(finding.Problem), finding.Sentence);

    /// <summary>The code for a problem.</summary>
    internal static EcrCode CodeOf(LintProblem problem) =>
        problem switch
        {
            LintProblem.SessionPrincipal => EcrCode.PolicySessionPrincipal,
            LintProblem.OrphanedId => EcrCode.PolicyOrphanedId,
            LintProblem.PermissionSetSuffix => EcrCode.PolicyPermissionSetSuffix,
            LintProblem.UnanchoredPermissionSet => EcrCode.PolicyUnanchoredPermissionSet,
            LintProblem.OwnAccountGrantsNothing => EcrCode.PolicyOwnAccount,
            LintProblem.EveryoneAllowed => EcrCode.PolicyEveryone,
            LintProblem.WrongPartition => EcrCode.PolicyWrongPartition,
            LintProblem.ResourceInRepositoryPolicy => EcrCode.PolicyResource,
            LintProblem.BatchGetImageMissing => EcrCode.PolicyBatchGetImageMissing,
            LintProblem.AllowCancelled => EcrCode.PolicyAllowCancelled,
            LintProblem.NearSizeLimit => EcrCode.PolicyNearSizeLimit,
            LintProblem.ConditionWithoutEffect => EcrCode.PolicyConditionWithoutEffect,
            LintProblem.UnknownAction => EcrCode.PolicyUnknownAction,
            LintProblem.InvalidPrincipal => EcrCode.PolicyInvalidPrincipal,
            LintProblem.UnusableCondition => EcrCode.PolicyUnusableCondition,
            _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, message: null),
        };
}
