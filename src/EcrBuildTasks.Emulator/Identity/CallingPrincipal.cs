using System.Collections.Immutable;
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

    /// <summary>The policies of the user or of the session's role, which can change while the credentials are in use.</summary>
    public IdentityPolicies Identity { get; init; } = new([]);

    public IReadOnlyList<NamedPolicy> IdentityPolicies => Identity.All;

    public PolicyDocument? PermissionsBoundary { get; init; }

    public PolicyDocument? SessionPolicy { get; init; }

    public DateTimeOffset? SessionStartedAt { get; init; }
}

/// <summary>The identity policies of a user or a role, in force as soon as they are put.</summary>
internal sealed class IdentityPolicies(IReadOnlyList<NamedPolicy> initial)
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, string> _inline = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<NamedPolicy> All { get; private set; } = initial;

    /// <summary>The texts of the policies that were put, by name.</summary>
    public IReadOnlyDictionary<string, string> Inline => _inline;

    /// <summary>Puts a policy, in the place of the one of the same name.</summary>
    /// <exception cref="PolicyFormatException">The text is not a policy.</exception>
    public void Put(string name, string text)
    {
        var policy = new NamedPolicy(name, PolicyDocument.Parse(text));
        lock (_gate)
        {
            _inline = _inline.SetItem(name, text);
            All = [.. All.Where(other => other.Name != name), policy];
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            _inline = _inline.Remove(name);
            All = [.. All.Where(other => other.Name != name)];
        }
    }
}

/// <summary>An access key and whose it is.</summary>
internal sealed record Credential(AccessKey Key, CallingPrincipal Principal, DateTimeOffset? ExpiresAt);
