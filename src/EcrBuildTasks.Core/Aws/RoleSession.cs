using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Failures;
using CredentialsRefreshState = Amazon.Runtime.RefreshingAWSCredentials.CredentialsRefreshState;

namespace EcrBuildTasks.Aws;

/// <summary>What STS gives for a role.</summary>
internal static class RoleSession
{
    /// <summary>The default name of a role session.</summary>
    public const string DefaultName = "EcrBuildTasks";

    /// <exception cref="AwsSessionException">It gives nothing of use.</exception>
    public static CredentialsRefreshState CreateState(Credentials? credentials) =>
        credentials is { AccessKeyId: { } id, SecretAccessKey: { } secret, SessionToken: { } token }
            ? new(new ImmutableCredentials(id, secret, token), credentials.Expiration.GetValueOrDefault())
            : throw new AwsSessionException(
                EcrCode.AnsweredByOther,
                "The AWS STS endpoint returned a response without role credentials, which is not a valid AWS response"
            );
}
