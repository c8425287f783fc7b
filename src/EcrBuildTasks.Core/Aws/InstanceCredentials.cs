using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>The credentials of an EC2 instance's role.</summary>
internal sealed class InstanceCredentials : ProvidedCredentials
{
    private readonly EnvironmentVariables _environment;
    private readonly AwsProfile? _profile;

    private InstanceCredentials(EnvironmentVariables environment, AwsProfile? profile, string role)
    {
        _environment = environment;
        _profile = profile;
        Role = role;
        PreemptExpiryTime = TimeSpan.FromMinutes(15);
    }

    public string Role { get; }

    /// <summary>Looks for an instance with a role; waits at most one second for the metadata service.</summary>
    /// <exception cref="AwsSessionException">No instance or no role was found.</exception>
    public static async Task<InstanceCredentials> FindAsync(
        EnvironmentVariables environment,
        AwsProfile? profile,
        CancellationToken cancellationToken
    )
    {
        using var metadata = new InstanceMetadata(environment, profile);
        return new(environment, profile, await metadata.GetRoleAsync(cancellationToken));
    }

    /// <summary>The region of the instance; null if it is not available.</summary>
    public async Task<string?> FindRegionAsync(CancellationToken cancellationToken)
    {
        using var metadata = new InstanceMetadata(_environment, _profile);
        try
        {
            return await metadata.GetRegionAsync(cancellationToken);
        }
        catch (AwsSessionException)
        {
            return null;
        }
    }

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        using var metadata = new InstanceMetadata(_environment, _profile);
        var credentials =
            RoleCredentialsJson.Read(await metadata.GetCredentialsAsync(Role, cancellationToken))
            ?? throw InstanceMetadata.Failed($"its response for role {Role} contains no credentials");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (credentials.Expiration <= now + ExpirationBuffer)
        {
            // The service that renews the keys is impaired; AWS accepts the old ones for longer in that case.
            credentials.Expiration = now + TimeSpan.FromMinutes(Random.Shared.Next(5, 11));
        }

        return credentials;
    }
}
