using System.Text.RegularExpressions;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Preflight;

/// <summary>A principal by its ARN, for whom somebody else asks.</summary>
public static partial class OtherPrincipal
{
    // A role acts in sessions only, and which one does not matter to what is known of it.
    private const string AnySession = "any";

    /// <summary>The caller that the principal would be; <see langword="null"/> if the text is no ARN of one that can push.</summary>
    /// <param name="arn">The ARN of an IAM user, of a role, or of a session of STS.</param>
    public static CallerIdentity? Parse(string arn)
    {
        ArgumentNullException.ThrowIfNull(arn);
        var match = Principal().Match(arn.Trim());
        if (!match.Success)
        {
            return null;
        }

        var (partition, account) = (match.Groups["partition"].Value, match.Groups["account"].Value);
        return match.Groups["role"] is { Success: true, Value: var role }
            ? new($"arn:{partition}:sts::{account}:assumed-role/{role}/{AnySession}", account, UserId: "")
            {
                RoleArn = match.Value,
            }
            : new(match.Value, account, UserId: "");
    }

    [GeneratedRegex(
        @"^arn:(?<partition>aws[a-z-]*):(iam::(?<account>[0-9]{12}):(root|user/[^\s*]+|role/([^\s*]+/)?(?<role>[^\s*/]+))|sts::(?<account>[0-9]{12}):(assumed-role/[^\s*/]+/[^\s*/]+|federated-user/[^\s*/]+))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Principal();
}
