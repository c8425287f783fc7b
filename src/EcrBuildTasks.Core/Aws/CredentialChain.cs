using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;

namespace EcrBuildTasks.Aws;

/// <summary>Credentials and the words for where they come from.</summary>
internal sealed record FoundCredentials(AWSCredentials Credentials, string Source)
{
    public CredentialProfile? Profile { get; init; }

    public string? RoleArn { get; init; }

    /// <summary>Tells the identity apart from others, as far as settings alone do.</summary>
    public string? Key { get; init; }

    /// <summary>The profile to log in with: <see cref="Profile"/>, or the one at the end of its source profiles.</summary>
    public string? SsoProfile { get; init; }
}

/// <summary>
/// Finds credentials in the AWS SDK's order: environment variables, web identity, profile, container, instance. It walks the
/// order itself, with the SDK's classes, to know which source it was, and so that no cache outlives the session.
/// </summary>
internal sealed class CredentialChain(
    AwsProfiles profiles,
    Func<AWSCredentials, AmazonSecurityTokenServiceClient> createSts,
    CancellationToken cancellationToken
)
{
    private const string DefaultSessionName = "EcrBuildTasks";

    public FoundCredentials Find(AwsSettings settings)
    {
        var found = settings.Profile is { Length: > 0 } name ? FromProfile(profiles.Get(name)) : FromEnvironment();
        return settings.RoleArn is { Length: > 0 } role
            ? found with
            {
                Credentials = Assume(found.Credentials, role, settings.RoleSessionName, settings.ExternalId),
                Source = $"role {role} assumed from {found.Source}",
                RoleArn = role,
            }
            : found;
    }

    /// <summary>The profile that applies when none is asked for.</summary>
    public static string DefaultProfileName => Variable("AWS_PROFILE") ?? "default";

    private FoundCredentials FromEnvironment()
    {
        if (
            Variable("AWS_ACCESS_KEY_ID") is not null
            && (Variable("AWS_SECRET_ACCESS_KEY") ?? Variable("AWS_SECRET_KEY")) is not null
        )
        {
            return new FoundCredentials(new EnvironmentVariablesAWSCredentials(), "environment variables");
        }

        if (Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { } tokenFile && Variable("AWS_ROLE_ARN") is { } role)
        {
            return FromWebIdentity(tokenFile, role, Variable("AWS_ROLE_SESSION_NAME"), "web identity");
        }

        if (Variable("AWS_PROFILE") is { } name)
        {
            return FromProfile(profiles.Get(name));
        }

        if (profiles.Find("default") is { CanCreateAWSCredentials: true } profile)
        {
            return FromProfile(profile);
        }

        if (
            (Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ?? Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
            is not null
        )
        {
            return new FoundCredentials(new GenericContainerCredentials(), "container credentials");
        }

        return InstanceMetadata.FindCredentials(cancellationToken) is { } instance
            ? new FoundCredentials(instance, "instance profile")
            : throw new AwsSessionException(
                AwsProblem.NoCredentials,
                "No AWS credentials: not in environment variables, not in a profile 'default', not from a container or an "
                    + "EC2 instance."
            );
    }

    private FoundCredentials FromProfile(CredentialProfile profile)
    {
        var seen = new List<CredentialProfile>();
        return new FoundCredentials(CredentialsOf(profile, seen), "profile " + profile.Name)
        {
            Profile = profile,
            RoleArn = profile.Options.RoleArn,
            SsoProfile = seen[^1].Options is { SsoStartUrl: not null } or { SsoSession: not null }
                ? seen[^1].Name
                : null,
        };
    }

    private AWSCredentials CredentialsOf(CredentialProfile profile, List<CredentialProfile> seen)
    {
        var options = profile.Options;
        if (seen.Exists(one => one.Name == profile.Name))
        {
            throw Unusable(profile, "its source_profile leads back to itself");
        }

        seen.Add(profile);

        if (!profile.CanCreateAWSCredentials)
        {
            throw Unusable(profile, "it holds no complete set of credential settings");
        }

        if (options is { WebIdentityTokenFile.Length: > 0, RoleArn.Length: > 0 })
        {
            return FromWebIdentity(
                options.WebIdentityTokenFile,
                options.RoleArn,
                options.RoleSessionName,
                ""
            ).Credentials;
        }

        if (options.RoleArn is { Length: > 0 } role && options.EndpointName is null)
        {
            if (options.MfaSerial is { Length: > 0 })
            {
                throw new AwsSessionException(
                    AwsProblem.MfaRequired,
                    $"The AWS profile '{profile.Name}' wants a code from the device {options.MfaSerial}, which a build "
                        + "cannot ask for."
                )
                {
                    Profile = profile.Name,
                    RoleArn = role,
                };
            }

            var source = options.SourceProfile is { Length: > 0 } name
                ? CredentialsOf(profiles.Get(name), seen)
                : CredentialsOf(profile, options.CredentialSource);
            return Assume(source, role, options.RoleSessionName, options.ExternalID);
        }

        SingleSignOnClients.Register();
        try
        {
            return AWSCredentialsFactory.GetAWSCredentials(profile, profile.CredentialProfileStore);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            throw Unusable(profile, failure.Message, failure);
        }
    }

    private AWSCredentials CredentialsOf(CredentialProfile profile, string credentialSource) =>
        credentialSource switch
        {
            "Environment" when Variable("AWS_ACCESS_KEY_ID") is not null => new EnvironmentVariablesAWSCredentials(),
            "EcsContainer" => new GenericContainerCredentials(),
            "Ec2InstanceMetadata" when InstanceMetadata.FindCredentials(cancellationToken) is { } instance => instance,
            _ => throw Unusable(profile, $"its credential_source '{credentialSource}' has no credentials"),
        };

    private FoundCredentials FromWebIdentity(string tokenFile, string role, string? sessionName, string source) =>
        new(
            new WebIdentityCredentials(
                tokenFile,
                role,
                sessionName ?? DefaultSessionName,
                () => createSts(new AnonymousAWSCredentials())
            ),
            source
        )
        {
            RoleArn = role,
        };

    private AssumedRoleCredentials Assume(AWSCredentials source, string role, string? session, string? externalId) =>
        new(role, session ?? DefaultSessionName, externalId, () => createSts(source));

    private static AwsSessionException Unusable(CredentialProfile profile, string why, Exception? cause = null) =>
        new(AwsProblem.ProfileUnusable, $"The AWS profile '{profile.Name}' gives no credentials: {why}.", cause)
        {
            Profile = profile.Name,
        };

    internal static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
