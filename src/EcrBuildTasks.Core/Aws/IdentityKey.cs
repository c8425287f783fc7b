using Amazon.Runtime;

namespace EcrBuildTasks.Aws;

/// <summary>Tells identities apart. Keys that come from a service are others each time, so whoever asks it knows better.</summary>
internal static class IdentityKey
{
    public static async Task<string> OfAsync(AWSCredentials credentials) =>
        credentials is ILastingIdentity lasting
            ? await lasting.GetIdentityKeyAsync()
            : "key " + (await credentials.GetCredentialsAsync()).AccessKey;
}

/// <summary>Credentials of an identity that is known without asking for them.</summary>
internal interface ILastingIdentity
{
    /// <summary>What tells the identity apart; no secret.</summary>
    Task<string> GetIdentityKeyAsync();
}
