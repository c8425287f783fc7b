using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>How a command ends; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    /// <summary>Done, or allowed.</summary>
    public const int Done = 0;

    public const int Error = 1;

    /// <summary>A policy forbids it.</summary>
    public const int Forbidden = 2;

    /// <summary>What was at hand does not decide it.</summary>
    public const int Undecided = 3;

    /// <summary>The command line cannot be understood: EX_USAGE of sysexits.h.</summary>
    public const int Usage = 64;

    /// <summary>Ended by Ctrl+C, as shells count it: 128 + SIGINT.</summary>
    public const int Cancelled = 130;

    /// <summary>A denial outweighs other errors: it is what somebody has to mend first.</summary>
    public static int Of(IReadOnlyList<EcrDiagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).ToList();
        return errors.Exists(error => error.Code == EcrCode.Cancelled) ? Cancelled
            : errors.Exists(IsDenial) ? Forbidden
            : errors.Count > 0 ? Error
            : Done;
    }

    public static int Of(PreflightOutcome outcome) =>
        Of(outcome.Diagnostics) is not Done and var failed ? failed
        : outcome.Report is { Permission: Permission.Unknown } ? Undecided
        : Done;

    private static bool IsDenial(EcrDiagnostic diagnostic) =>
        diagnostic.Code.Id.StartsWith("ECR20", StringComparison.Ordinal);
}
