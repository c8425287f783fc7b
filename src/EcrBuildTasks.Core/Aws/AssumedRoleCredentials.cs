using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A role's credentials, by <c>sts:AssumeRole</c> in the session's region. The SDK's own class asks the instance metadata
/// for a region, which stalls outside of EC2, and hides STS's answer.
/// </summary>
internal sealed class AssumedRoleCredentials(
    FoundCredentials source,
    string roleArn,
    string sessionName,
    string? externalId,
    int? durationSeconds,
    AwsClients clients
) : ProvidedCredentials, ILastingIdentity
{
    public async Task<string> GetIdentityKeyAsync() =>
        $"{await IdentityKey.CreateAsync(source.Credentials)} as {roleArn}/{sessionName}";

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        using var sts = clients.Sts(source.Credentials);
        try
        {
            var answer = await sts.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = roleArn,
                    RoleSessionName = sessionName,
                    ExternalId = externalId,
                    DurationSeconds = durationSeconds,
                },
                cancellationToken
            );
            return RoleSession.CreateState(answer.Credentials);
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            throw new AwsSessionException(
                EcrCode.RoleNotAssumed,
                $"The role {roleArn} could not be assumed with credentials from {source.Source}.",
                refusal
            )
            {
                RoleArn = roleArn,
                CredentialsSource = source.Source,
                ErrorCode = refusal.ErrorCode,
                Details = [$"AWS reported: {refusal.Message}"],
            };
        }
    }
}
