using EcrBuildTasks.Aws;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Diagnostics;

/// <summary>Finds the exact ARN of the caller's role where a fix is about to name it.</summary>
internal static class CallersRole
{
    public static async Task<PreflightReport> FindAsync(
        PreflightReport report,
        AwsSession session,
        CancellationToken cancellationToken
    )
    {
        var isNamed =
            report.Caller.RoleArn is null
            && report.Denied.Any(verdict => DenialDiagnosis.NamesCaller(report, Denial.Of(verdict, report)));
        return isNamed
            ? report with
            {
                Caller = report.Caller with
                {
                    RoleArn = await session.FindRoleArnAsync(report.Caller, cancellationToken),
                },
            }
            : report;
    }
}
