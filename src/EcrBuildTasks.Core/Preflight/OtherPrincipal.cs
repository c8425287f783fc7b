using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Preflight;

/// <summary>A principal by its ARN, for whom somebody else asks.</summary>
public static class OtherPrincipal
{
    // A role acts in sessions only, and which one does not matter to what is known of it.
    private const string AnySession = "any";

    /// <summary>The caller that the principal would be; <see langword="null"/> if the text is no ARN of one that can push.</summary>
    /// <param name="arn">The ARN of an IAM user, of a role, or of a session of STS.</param>
    public static CallerIdentity? Parse(string arn)
    {
        var text = arn.Trim();
        return CallerArn.Parse(text) switch
        {
            null => null,
            { Type: "role" } role => new(
                Arn.ForSession(role.Partition, role.Account, role.Name, AnySession).ToString(),
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
