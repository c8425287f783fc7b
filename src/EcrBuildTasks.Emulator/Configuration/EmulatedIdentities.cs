using System.Collections.ObjectModel;

namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>An OIDC provider that an account trusts, such as that of a CI system or an EKS cluster.</summary>
/// <param name="Url">The issuer without <c>https://</c>, such as <c>token.actions.githubusercontent.com</c>.</param>
public sealed record OidcProvider(string Url)
{
    /// <summary>The audiences that tokens may have.</summary>
    public IReadOnlyList<string> ClientIds { get; init; } = ["sts.amazonaws.com"];

    /// <summary>The RSA key in PEM that tokens are signed for (RS256); without one, signatures are not verified.</summary>
    public string? PublicKey { get; init; }
}

/// <summary>
/// IAM Identity Center: who is logged in, and which permission sets they have. The role of a permission set is the one of its account
/// that is named <c>AWSReservedSSO_SET_</c> and 16 digits.
/// </summary>
public sealed record EmulatedIdentityCenter
{
    /// <summary>Logins, as <c>aws sso login</c> makes them.</summary>
    public IReadOnlyList<IdentityCenterLogin> Logins { get; init; } = [];
}

/// <summary>A login; the tokens are left out of <see cref="ToString"/>.</summary>
/// <param name="User">Who has logged in; the name of the roles' sessions.</param>
/// <param name="AccessToken">The token that the portal accepts.</param>
public sealed record IdentityCenterLogin(string User, string AccessToken)
{
    /// <summary>When the access token ends; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The token that a new access token is given for, once; <see langword="null"/> for a login that cannot be renewed.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What the user may be.</summary>
    public IReadOnlyList<PermissionSetAssignment> Assignments { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"IdentityCenterLogin {{ User = {User} }}";
}

/// <summary>A permission set that a user has in an account.</summary>
/// <param name="Account">The account's 12 digits.</param>
/// <param name="PermissionSet">The permission set's name.</param>
public sealed record PermissionSetAssignment(string Account, string PermissionSet);

/// <summary>A container that is given the credentials of a role, as by ECS or EKS Pod Identity.</summary>
/// <param name="Path">The path of the credentials request, such as <c>/containers/web</c>.</param>
/// <param name="RoleArn">The role.</param>
public sealed record EmulatedContainer(string Path, string RoleArn)
{
    /// <summary>The token that it has to send; <see langword="null"/> for none.</summary>
    public string? AuthorizationToken { get; init; }

    /// <summary>
    /// What EKS Pod Identity tags the role's session with, such as <c>kubernetes-namespace</c>; conditions read them as
    /// <c>aws:PrincipalTag/…</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> SessionTags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public override string ToString() => $"EmulatedContainer {{ Path = {Path}, RoleArn = {RoleArn} }}";
}

/// <summary>The EC2 instance whose metadata service the emulator plays: version 2 only.</summary>
/// <param name="Region">Its region.</param>
public sealed record EmulatedInstance(string Region)
{
    /// <summary>The role of its instance profile; <see langword="null"/> for none.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Its id, the name of the role's sessions.</summary>
    public string Id { get; init; } = "i-0123456789abcdef0";
}
