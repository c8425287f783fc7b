using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>Follows a profile to its credentials, over source profiles and roles.</summary>
internal sealed class ProfileCredentials(AwsProfiles profiles, AwsClients clients)
{
    /// <exception cref="AwsSessionException">The profile is incomplete, refers to itself, or requires MFA.</exception>
    public Task<FoundCredentials> FindAsync(AwsProfile profile, CancellationToken cancellationToken) =>
        FindAsync(profile, [], cancellationToken);

    private async Task<FoundCredentials> FindAsync(
        AwsProfile profile,
        IReadOnlyList<string> way,
        CancellationToken cancellationToken
    )
    {
        if (way.Contains(profile.Name, StringComparer.Ordinal))
        {
            var loop = string.Join(" -> ", way.SkipWhile(name => name != profile.Name).Append(profile.Name));
            throw profile.Unusable($"its source_profile chain is circular: {loop}");
        }

        return profile["role_arn"] is { } role
            ? await OfRoleAsync(profile, role, way, cancellationToken)
            : OfOwn(profile) ?? throw profile.Unusable(WhatIsMissing(profile));
    }

    private async Task<FoundCredentials> OfRoleAsync(
        AwsProfile profile,
        string role,
        IReadOnlyList<string> way,
        CancellationToken cancellationToken
    )
    {
        var sessionName = profile["role_session_name"] ?? RoleSession.DefaultName;
        if (profile["web_identity_token_file"] is { } file)
        {
            var credentials = new WebIdentityCredentials(file, role, sessionName, clients);
            return new(credentials, $"profile {profile.Name} (role {role} by web identity)")
            {
                Profile = profile,
                RoleArn = role,
            };
        }

        if (profile["mfa_serial"] is { } device)
        {
            throw new AwsSessionException(
                EcrCode.MfaRequired,
                $"The AWS profile '{profile.Name}' requires an MFA code from the device {device}, which a build cannot prompt for."
            )
            {
                Profile = profile.Name,
                RoleArn = role,
            };
        }

        var source = await SourceOfAsync(profile, way, cancellationToken);
        return new(
            new AssumedRoleCredentials(
                source,
                role,
                sessionName,
                profile["external_id"],
                AwsClients.Count(profile["duration_seconds"]),
                clients
            ),
            $"profile {profile.Name} (role {role} assumed from {source.Source})"
        )
        {
            Profile = profile,
            RoleArn = role,
        };
    }

    private async Task<FoundCredentials> SourceOfAsync(
        AwsProfile profile,
        IReadOnlyList<string> way,
        CancellationToken cancellationToken
    )
    {
        if (profile["source_profile"] is { } name)
        {
            // A profile can be its own source profile: its own keys then assume its role.
            return name == profile.Name && OfOwn(profile) is { } own
                ? own
                : await FindAsync(
                    profiles.Get(name, $"source_profile of the profile '{profile.Name}'"),
                    [.. way, profile.Name],
                    cancellationToken
                );
        }

        return profile["credential_source"]?.ToUpperInvariant() switch
        {
            "ENVIRONMENT" when CredentialChain.KeysOf(clients.Environment) is { } keys => new(
                keys,
                "environment variables"
            ),
            "ECSCONTAINER" when ContainerCredentials.Find(clients.Environment) is { } container => new(
                container,
                container.Source
            ),
            "EC2INSTANCEMETADATA" => new(
                await InstanceCredentials.FindAsync(clients.Environment, profile, cancellationToken),
                "instance profile"
            ),
            { } => throw profile.Unusable($"its credential_source '{profile["credential_source"]}' provides none"),
            null => throw profile.Unusable(
                "it has role_arn, but neither source_profile, credential_source nor web_identity_token_file"
            ),
        };
    }

    /// <summary>The credentials that a profile has without a role.</summary>
    private FoundCredentials? OfOwn(AwsProfile profile)
    {
        if (profile.IsSingleSignOn)
        {
            return new(new SingleSignOnCredentials(profile, clients), $"profile {profile.Name} (IAM Identity Center)")
            {
                Profile = profile,
            };
        }

        if (profile["aws_access_key_id"] is { } id && profile["aws_secret_access_key"] is { } secret)
        {
            return new(CredentialChain.Keys(id, secret, profile["aws_session_token"]), $"profile {profile.Name}")
            {
                Profile = profile,
            };
        }

        if (profile["login_session"] is not null)
        {
            // The SDK needs AWSSDK.Signin for it, and a signed refresh. Users of `aws login` have the AWS CLI, which renews the login.
            return new(
                new ProcessCredentials(profile, command: null, clients.Environment),
                $"profile {profile.Name} (aws login)"
            )
            {
                Profile = profile,
            };
        }

        return profile["credential_process"] is { } command
            ? new(
                new ProcessCredentials(profile, command, clients.Environment),
                $"profile {profile.Name} (credential_process)"
            )
            {
                Profile = profile,
            }
            : null;
    }

    private static string WhatIsMissing(AwsProfile profile) =>
        profile["aws_access_key_id"] is not null ? "it has aws_access_key_id but no aws_secret_access_key"
        : profile["aws_secret_access_key"] is not null ? "it has aws_secret_access_key but no aws_access_key_id"
        : profile["endpoint_name"] is not null ? "it uses SAML, which is supported on .NET Framework only"
        : "it has no credential settings";
}
