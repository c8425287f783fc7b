using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using CredentialsRefreshState = Amazon.Runtime.RefreshingAWSCredentials.CredentialsRefreshState;

namespace EcrBuildTasks.Aws;

/// <summary>What STS gives for a role.</summary>
internal static class RoleSession
{
    /// <summary>A role's session that nobody has named otherwise.</summary>
    public const string DefaultName = "EcrBuildTasks";

    public static CredentialsRefreshState Of(Credentials credentials) =>
        new(
            new ImmutableCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken),
            credentials.Expiration.GetValueOrDefault()
        );
}
