using System.Collections.ObjectModel;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Identity;

/// <summary>A principal that has proved who it is, with the policies that travel with it.</summary>
internal sealed record CallingPrincipal
{
    public required EmulatedAccount Account { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The value of <c>aws:PrincipalArn</c>: for a session the role's ARN, with its path.</summary>
    public required string PrincipalArn { get; init; }

    /// <summary>The value of <c>aws:PrincipalType</c>.</summary>
    public required string PrincipalType { get; init; }

    public string? UserName { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<NamedPolicy> IdentityPolicies { get; init; } = [];

    public PolicyDocument? PermissionsBoundary { get; init; }

    public PolicyDocument? SessionPolicy { get; init; }

    public DateTimeOffset? SessionStartedAt { get; init; }
}

/// <summary>An access key and whose it is.</summary>
internal sealed record Credential(AccessKey Key, CallingPrincipal Principal, DateTimeOffset? ExpiresAt);
