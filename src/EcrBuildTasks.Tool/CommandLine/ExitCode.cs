using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The exit codes; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    /// <summary>Success, or allowed.</summary>
    public const int Done = 0;

    public const int Error = 1;

    /// <summary>Denied by a policy.</summary>
    public const int Forbidden = 2;

    /// <summary>Undecided.</summary>
    public const int Undecided = 3;

    /// <summary>Invalid command line: EX_USAGE of sysexits.h.</summary>
    public const int Usage = 64;

    /// <summary>Cancelled with Ctrl+C: 128 + SIGINT, as in shells.</summary>
    public const int Cancelled = 130;

    /// <summary>A denial takes precedence over other errors, because it has to be fixed first.</summary>
    public static int For(IReadOnlyList<EcrDiagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).ToList();
        return errors.Exists(error => error.Code == EcrCode.Cancelled) ? Cancelled
            : errors.Exists(IsDenial) ? Forbidden
            : errors.Count > 0 ? Error
            : Done;
    }

    public static int For(PreflightOutcome outcome) =>
        For(outcome.Diagnostics) is not Done and var failed ? failed
        : outcome.Report is { } report && (report.RepositorySide ?? report.Permission) is Permission.Unknown ? Undecided
        : Done;

    private static bool IsDenial(EcrDiagnostic diagnostic) =>
        diagnostic.Code.Id.StartsWith("ECR20", StringComparison.Ordinal);
}
