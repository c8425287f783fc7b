using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A role's credentials, by <c>sts:AssumeRole</c> in the session's region. The SDK's own class asks the instance metadata
/// for a region, which stalls outside of EC2, and hides STS's answer.
/// </summary>
internal sealed class AssumedRoleCredentials(
    string roleArn,
    string sessionName,
    string? externalId,
    Func<AmazonSecurityTokenServiceClient> createClient
) : RefreshingAWSCredentials
{
    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var sts = createClient();
        try
        {
            var answer = await sts.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = roleArn,
                    RoleSessionName = sessionName,
                    ExternalId = externalId,
                }
            );
            var credentials = answer.Credentials;
            return new CredentialsRefreshState(
                new ImmutableCredentials(
                    credentials.AccessKeyId,
                    credentials.SecretAccessKey,
                    credentials.SessionToken
                ),
                credentials.Expiration.GetValueOrDefault()
            );
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            throw new AwsSessionException(AwsProblem.AssumeRoleDenied, refusal.Message, refusal)
            {
                RoleArn = roleArn,
                ErrorCode = refusal.ErrorCode,
            };
        }
    }
}

/// <summary>A role's credentials by web identity, from STS in the session's region.</summary>
internal sealed class WebIdentityCredentials(
    string tokenFile,
    string roleArn,
    string? sessionName,
    Func<AmazonSecurityTokenServiceClient> createClient
) : AssumeRoleWithWebIdentityCredentials(tokenFile, roleArn, sessionName)
{
    protected override Amazon.Runtime.SharedInterfaces.ICoreAmazonSTS CreateClient() => createClient();
}
