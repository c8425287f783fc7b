using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>The answer of <c>sts:GetCallerIdentity</c>.</summary>
/// <param name="Arn">The caller's ARN; for a role's session the <c>assumed-role</c> ARN, which has lost the role's path.</param>
/// <param name="Account">The 12 digits of the caller's account.</param>
/// <param name="UserId">The caller's unique id.</param>
public sealed record CallerIdentity(string Arn, string Account, string UserId)
{
    /// <summary>The ARN of the caller's role, if the user gave it: AWS returns that of the session, without the role's path.</summary>
    public string? RoleArn { get; init; }

    /// <summary>A caller of whom AWS has told nothing.</summary>
    internal static CallerIdentity NotKnown { get; } = new("the caller", "", "");

    /// <summary>The caller that a principal would be.</summary>
    /// <param name="arn">The ARN of an IAM user, of a role, or of a session of AWS STS.</param>
    /// <returns><see langword="null"/> if the text is not the ARN of a principal that can push.</returns>
    public static CallerIdentity? ForPrincipal(string arn)
    {
        var text = arn.Trim();
        return CallerArn.Parse(text) switch
        {
            null => null,
            { Type: "role" } role => new(
                // A role acts in sessions only; which one does not matter here.
                Policies.Names.Arn.ForSession(role.Partition, role.Account, role.Name, "any").ToString(),
                role.Account,
                UserId: ""
            )
            {
                RoleArn = text,
            },
            var caller => new(text, caller.Account, UserId: ""),
        };
    }
}
