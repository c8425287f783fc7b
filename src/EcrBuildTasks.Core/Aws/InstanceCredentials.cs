using Amazon.Runtime;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Aws;

/// <summary>The credentials of an EC2 instance's role.</summary>
internal sealed class InstanceCredentials : RefreshingAWSCredentials
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
    public static InstanceCredentials Find(
        EnvironmentVariables environment,
        AwsProfile? profile,
        CancellationToken cancellationToken
    )
    {
        using var metadata = new InstanceMetadata(environment, profile);
        return new(environment, profile, metadata.GetRoleAsync(cancellationToken).GetAwaiter().GetResult());
    }

    /// <summary>The instance's region; null if it does not tell.</summary>
    public string? FindRegion(CancellationToken cancellationToken)
    {
        using var metadata = new InstanceMetadata(_environment, _profile);
        try
        {
            return metadata.GetRegionAsync(cancellationToken).GetAwaiter().GetResult();
        }
        catch (AwsSessionException)
        {
            return null;
        }
    }

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var metadata = new InstanceMetadata(_environment, _profile);
        return RoleCredentialsJson.Read(await metadata.GetCredentialsAsync(Role, CancellationToken.None))
            ?? throw InstanceMetadata.Failed($"what it tells of its role {Role} are none");
    }
}
