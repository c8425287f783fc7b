using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Preflight;

/// <summary>AWS names the caller in every denial; that helps where <c>sts:GetCallerIdentity</c> cannot be reached.</summary>
internal static class CallerInDenial
{
    public static CallerIdentity? Find(IEnumerable<ActionVerdict> verdicts) =>
        verdicts
            .Where(verdict => verdict.Permission is Permission.Denied)
            .Select(Read)
            .FirstOrDefault(c => c is not null);

    private static CallerIdentity? Read(ActionVerdict denied)
    {
        const string Before = "User: ";
        var words = denied.Reason;
        var start = words.IndexOf(Before, StringComparison.Ordinal);
        var end = words.IndexOf(" is not authorized", StringComparison.Ordinal);
        if (start < 0 || end < start + Before.Length)
        {
            return null;
        }

        var arn = words[(start + Before.Length)..end];
        return arn.Split(':') is [_, _, _, _, var account, _, ..] ? new(arn, account, "") : null;
    }
}
