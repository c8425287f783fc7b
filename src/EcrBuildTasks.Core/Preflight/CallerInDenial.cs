using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Preflight;

/// <summary>AWS names the caller in every denial; that helps where <c>sts:GetCallerIdentity</c> cannot be reached.</summary>
internal static class CallerInDenial
{
    public static CallerIdentity? Find(IEnumerable<ActionVerdict> verdicts) =>
        verdicts
            .Where(verdict => verdict.Permission is Permission.Denied)
            .Select(Read)
            .FirstOrDefault(c => c is not null);

    private static CallerIdentity? Read(ActionVerdict denied) =>
        DenialMessage.Find(denied.Reason)?.Principal is { } principal && Arn.Parse(principal) is { } arn
            ? new(principal, arn.Account, "")
            : null;
}
