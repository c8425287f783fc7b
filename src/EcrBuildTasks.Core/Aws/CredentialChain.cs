using Amazon.Runtime;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>Credentials and the words for where they come from.</summary>
internal sealed record FoundCredentials(AWSCredentials Credentials, string Source)
{
    public AwsProfile? Profile { get; init; }

    public string? RoleArn { get; init; }
}

/// <summary>
/// Finds credentials in the AWS SDK's order: environment variables, web identity, profile, container, instance. It walks the
/// order itself, to know which source it was, and so that it sees no environment but the one that it is given.
/// </summary>
/// <remarks>
/// The SDK's own chain and providers, as of AWSSDK.Core 4.1.0, are of no use here. Where a chosen profile is broken, they go on
/// to the role of the container or the instance: the push would run as somebody else. NativeAOT needs its clients registered, and
/// then they assume roles as whomever the default chain finds. Without, they take a client's assembly from any load context of the
/// process, so that a second copy in an MSBuild node breaks them. Nothing limits or cancels their waiting, which takes minutes.
/// Tests: ChosenIdentityTests and SilentProviderTests.
/// </remarks>
internal sealed class CredentialChain(AwsProfiles profiles, AwsClients clients)
{
    public const string AccessKey = "AWS_ACCESS_KEY_ID";
    public const string TokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE";

    private const string RoleArn = "AWS_ROLE_ARN";

    private readonly EnvironmentVariables _environment = clients.Environment;

    public async Task<FoundCredentials> FindAsync(AwsSettings settings, CancellationToken cancellationToken)
    {
        var found = settings.Profile is { Length: > 0 } name
            ? await new ProfileCredentials(profiles, clients).FindAsync(profiles.Get(name), cancellationToken)
            : await FromEnvironmentAsync(cancellationToken);
        return settings.RoleArn is { Length: > 0 } role
            ? found with
            {
                Credentials = new AssumedRoleCredentials(
                    found,
                    role,
                    settings.RoleSessionName ?? RoleSession.DefaultName,
                    settings.ExternalId,
                    durationSeconds: null,
                    clients
                ),
                Source = $"role {role} assumed from {found.Source}",
                RoleArn = role,
            }
            : found;
    }

    /// <summary>The keys of the environment; null where it has none.</summary>
    /// <exception cref="AwsSessionException">It has the one without the other.</exception>
    public static AWSCredentials? KeysOf(EnvironmentVariables environment)
    {
        if (environment[AccessKey] is not { } id)
        {
            return null;
        }

        var secret =
            environment["AWS_SECRET_ACCESS_KEY"]
            ?? environment["AWS_SECRET_KEY"]
            ?? throw Incomplete(AccessKey, "AWS_SECRET_ACCESS_KEY");
        return Keys(id, secret, environment["AWS_SESSION_TOKEN"]);
    }

    /// <summary>Credentials that are set, and not got from a service.</summary>
    public static AWSCredentials Keys(string id, string secret, string? token)
    {
        OutgoingText.AddSecret(secret);
        OutgoingText.AddSecret(token);
        return token is null ? new BasicAWSCredentials(id, secret) : new SessionAWSCredentials(id, secret, token);
    }

    /// <summary>The variable whose credentials are used instead of a profile in the environment; <see langword="null"/> if none is set.</summary>
    internal static string? Precedes(EnvironmentVariables environment) =>
        environment[AccessKey] is not null ? AccessKey
        : environment[TokenFile] is not null ? TokenFile
        : null;

    private async Task<FoundCredentials> FromEnvironmentAsync(CancellationToken cancellationToken)
    {
        if (KeysOf(_environment) is { } keys)
        {
            return new(keys, "environment variables");
        }

        if (_environment[TokenFile] is { } file)
        {
            var role = _environment[RoleArn] ?? throw Incomplete(TokenFile, RoleArn);
            var name = _environment["AWS_ROLE_SESSION_NAME"] ?? RoleSession.DefaultName;
            return new(new WebIdentityCredentials(file, role, name, clients), $"role {role} by web identity")
            {
                RoleArn = role,
            };
        }

        var ofProfile = new ProfileCredentials(profiles, clients);
        if (_environment["AWS_PROFILE"] is { } chosen)
        {
            return await ofProfile.FindAsync(profiles.Get(chosen, "AWS_PROFILE"), cancellationToken);
        }

        if (profiles.Find("default") is { HasCredentialSettings: true } profile)
        {
            return await ofProfile.FindAsync(profile, cancellationToken);
        }

        return ContainerCredentials.Find(_environment) is { } container
            ? new(container, container.Source)
            : await FromInstanceAsync(cancellationToken);
    }

    private async Task<FoundCredentials> FromInstanceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var instance = await InstanceCredentials.FindAsync(_environment, clients.Profile, cancellationToken);
            return new(instance, $"instance profile (role {instance.Role})");
        }
        catch (AwsSessionException failure)
        {
            throw new AwsSessionException(EcrCode.NoCredentials, "No AWS credentials were found.", failure)
            {
                Details =
                [
                    $"Checked: environment variables, web identity, the default profile, container credentials and the EC2 instance. {failure.Message}",
                ],
            };
        }
    }

    private static AwsSessionException Incomplete(string variable, string missing) =>
        new(EcrCode.EnvironmentIncomplete, $"{variable} is set, but {missing} is not.")
        {
            CredentialsSource = "environment variables",
        };
}
