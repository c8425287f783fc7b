using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Whether an action will be allowed.</summary>
public enum Permission
{
    Allowed,

    Denied,

    /// <summary>That could not be found out.</summary>
    Unknown,
}

/// <summary>The verdict about one action.</summary>
/// <param name="Action">The action, such as <c>ecr:PutImage</c>.</param>
/// <param name="Reason">AWS's own sentence for a denial; what is missing for an unknown; empty otherwise.</param>
public sealed record ActionVerdict(string Action, Permission Permission, string Reason)
{
    /// <summary>What AWS answered to the probe: an error code, or <c>200</c>; <see langword="null"/> when it was not asked.</summary>
    public string? RawAnswer { get; init; }

    /// <summary>What the policies at hand say, the caller's own not being known.</summary>
    public Decision? Analysis { get; init; }

    /// <summary>Whether AWS was not asked, because asking could have created the repository.</summary>
    internal bool IsWithheld { get; init; }

    /// <summary>What the answer to the probe presupposes.</summary>
    internal Presence Repository =>
        this switch
        {
            { RawAnswer: "RepositoryNotFoundException" } => Presence.Absent,
            { RawAnswer: not null, Permission: Permission.Allowed } => Presence.Present,
            _ => Presence.NotSeen,
        };
}
