namespace EcrBuildTasks.Failures;

/// <summary>Carries a diagnostic to where it is reported.</summary>
public sealed class DiagnosedException(EcrDiagnostic diagnostic) : Exception(diagnostic.Message)
{
    public EcrDiagnostic Diagnostic { get; } = diagnostic;
}
