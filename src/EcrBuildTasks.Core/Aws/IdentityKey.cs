using Amazon.Runtime;

namespace EcrBuildTasks.Aws;

/// <summary>Distinguishes identities. Keys from a service differ each time, so the credentials provider supplies its own key.</summary>
internal static class IdentityKey
{
    public static async Task<string> CreateAsync(AWSCredentials credentials) =>
        credentials is ILastingIdentity lasting
            ? await lasting.GetIdentityKeyAsync()
            : "key " + (await credentials.GetCredentialsAsync()).AccessKey;
}

/// <summary>Credentials of an identity that is known without asking for them.</summary>
internal interface ILastingIdentity
{
    /// <summary>The key of the identity; not a secret.</summary>
    Task<string> GetIdentityKeyAsync();
}
