using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>An AWS account.</summary>
/// <param name="Id">Its 12 digits.</param>
public sealed record EmulatedAccount(string Id)
{
    /// <summary>The partition of all its ARNs.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>The organization that the account is in, such as <c>o-a1b2c3d4e5</c>.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The account's place in its organization, such as <c>o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/</c>.</summary>
    public string? OrganizationPath { get; init; }

    /// <summary>Access keys of the root user.</summary>
    public IReadOnlyList<AccessKey> RootAccessKeys { get; init; } = [];

    /// <summary>The IAM users.</summary>
    public IReadOnlyList<IamUser> Users { get; init; } = [];

    /// <summary>The IAM roles.</summary>
    public IReadOnlyList<IamRole> Roles { get; init; } = [];

    /// <summary>The OIDC providers whose tokens its roles may be assumed with.</summary>
    public IReadOnlyList<OidcProvider> OidcProviders { get; init; } = [];

    /// <summary>
    /// Service control policies that reach the account's principals. Where there is any, one of them must allow a request and none may deny
    /// it.
    /// </summary>
    public IReadOnlyList<IamPolicy> ServiceControlPolicies { get; init; } = [];

    /// <summary>Resource control policies that reach the account's registries. Only what they deny counts.</summary>
    public IReadOnlyList<IamPolicy> ResourceControlPolicies { get; init; } = [];

    /// <summary>The account's registries, one per region. A registry that is not listed is there, and empty.</summary>
    public IReadOnlyList<EmulatedRegistry> Registries { get; init; } = [];

    /// <summary>The signing profiles that have a policy of their own. A profile that is not listed is there, and has none.</summary>
    public IReadOnlyList<EmulatedSigningProfile> SigningProfiles { get; init; } = [];

    /// <summary>The account's public registry. One that is not described is there, empty, and has an alias made from the account.</summary>
    public EmulatedPublicRegistry? PublicRegistry { get; init; }
}

/// <summary>A profile of AWS Signer.</summary>
/// <param name="Name">The name, as at the end of its ARN.</param>
public sealed record EmulatedSigningProfile(string Name)
{
    /// <summary>The policy of the profile, which other accounts need to sign with it.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? Policy { get; init; }
}

/// <summary>A policy and its name.</summary>
/// <param name="Name">The name, as IAM shows it.</param>
/// <param name="Document">The policy's JSON.</param>
public sealed record IamPolicy(string Name, [property: JsonConverter(typeof(PolicyTextConverter))] string Document)
{
    /// <summary>The ARN that a denial names, as AWS has done since 2026; <see langword="null"/> to name none.</summary>
    public string? Arn { get; init; }
}

/// <summary>An access key; the secret parts are left out of <see cref="ToString"/>.</summary>
/// <param name="Id">The access key id.</param>
/// <param name="Secret">The secret access key.</param>
/// <param name="SessionToken">The session token, which temporary credentials have.</param>
public sealed record AccessKey(string Id, string Secret, string? SessionToken = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"AccessKey {{ Id = {Id} }}";
}

/// <summary>An IAM user.</summary>
/// <param name="Name">The name, without path.</param>
public sealed record IamUser(string Name)
{
    /// <summary>The path, with a slash on both ends.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The unique id, <c>AIDA…</c>; made from the ARN unless set.</summary>
    public string? UniqueId { get; init; }

    /// <summary>The user's access keys.</summary>
    public IReadOnlyList<AccessKey> AccessKeys { get; init; } = [];

    /// <summary>The identity policies, attached, inline or by group.</summary>
    public IReadOnlyList<IamPolicy> IdentityPolicies { get; init; } = [];

    /// <summary>The permissions boundary.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? PermissionsBoundary { get; init; }

    /// <summary>The tags, which conditions read as <c>aws:PrincipalTag/…</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>An IAM role.</summary>
/// <param name="Name">The name, without path.</param>
public sealed record IamRole(string Name)
{
    /// <summary>The path, with a slash on both ends.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The unique id, <c>AROA…</c>; made from the ARN unless set.</summary>
    public string? UniqueId { get; init; }

    /// <summary>The trust policy, which decides who can assume the role; without one, no one can.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? TrustPolicy { get; init; }

    /// <summary>The identity policies, attached or inline.</summary>
    public IReadOnlyList<IamPolicy> IdentityPolicies { get; init; } = [];

    /// <summary>The permissions boundary.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? PermissionsBoundary { get; init; }

    /// <summary>The tags, which conditions read as <c>aws:PrincipalTag/…</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Sessions that exist from the start, as if the role had been assumed before.</summary>
    public IReadOnlyList<RoleSession> Sessions { get; init; } = [];
}

/// <summary>A session of a role.</summary>
/// <param name="Name">The role session name.</param>
/// <param name="AccessKey">The session's credentials, a session token among them.</param>
public sealed record RoleSession(string Name, AccessKey AccessKey)
{
    /// <summary>The session policy.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? Policy { get; init; }

    /// <summary>When the credentials expire; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
