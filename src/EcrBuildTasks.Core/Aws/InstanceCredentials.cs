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

    /// <summary>Asks whether there is an instance with a role, and not for longer than a second whether there is any.</summary>
    /// <exception cref="AwsSessionException">There is none.</exception>
    public static async Task<InstanceCredentials> FindAsync(
        EnvironmentVariables environment,
        AwsProfile? profile,
        CancellationToken cancellationToken
    )
    {
        using var metadata = new InstanceMetadata(environment, profile);
        return new(environment, profile, await metadata.GetRoleAsync(cancellationToken));
    }

    /// <summary>The instance's region; null if it does not tell.</summary>
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
        var given =
            RoleCredentialsJson.Read(await metadata.GetCredentialsAsync(Role, cancellationToken))
            ?? throw InstanceMetadata.Failed($"what it tells of its role {Role} are none");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (given.Expiration <= now + ExpirationBuffer)
        {
            // What gives the instance its keys is out of order, and AWS takes the old ones for longer then.
            given.Expiration = now + TimeSpan.FromMinutes(Random.Shared.Next(5, 11));
        }

        return given;
    }
}
