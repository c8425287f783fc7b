using Amazon.Runtime;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>Credentials that are got from somewhere, and again before they expire.</summary>
internal abstract class ProvidedCredentials : RefreshingAWSCredentials
{
    // The SDK hands the token of a call to no provider.
    private static readonly AsyncLocal<CancellationToken> Call = new();

    /// <summary>Cancels also what provides credentials, for the rest of the method that calls this.</summary>
    public static void CancelBy(CancellationToken cancellationToken) => Call.Value = cancellationToken;

    protected abstract Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken);

    protected sealed override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected sealed override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var state = await ProvideAsync(Call.Value);
            OutgoingText.AddSecret(state.Credentials.SecretKey);
            OutgoingText.AddSecret(state.Credentials.Token);
            return state;
        }
        catch (Exception failure)
        {
            AwsRetries.MarkRetried(failure);
            throw;
        }
    }
}
