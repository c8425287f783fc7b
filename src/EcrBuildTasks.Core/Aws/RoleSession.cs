using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using CredentialsRefreshState = Amazon.Runtime.RefreshingAWSCredentials.CredentialsRefreshState;

namespace EcrBuildTasks.Aws;

/// <summary>What STS gives for a role.</summary>
internal static class RoleSession
{
    /// <summary>A role's session that nobody has named otherwise.</summary>
    public const string DefaultName = "EcrBuildTasks";

    /// <exception cref="AwsSessionException">It gives nothing of use.</exception>
    public static CredentialsRefreshState Of(Credentials? credentials) =>
        credentials is { AccessKeyId: { } id, SecretAccessKey: { } secret, SessionToken: { } token }
            ? new(new ImmutableCredentials(id, secret, token), credentials.Expiration.GetValueOrDefault())
            : throw new AwsSessionException(
                AwsProblem.AnsweredByOther,
                "What stands for AWS STS answered without a role's credentials, not as AWS does"
            );
}
