using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>Whether an action will be allowed.</summary>
public enum Permission
{
    Allowed,

    Denied,

    /// <summary>It could not be determined.</summary>
    Unknown,
}

/// <summary>The verdict about one action.</summary>
/// <param name="Action">The action, such as <c>ecr:PutImage</c>.</param>
/// <param name="Reason">The message of AWS for a denial; what is missing for an unknown verdict; empty otherwise.</param>
public sealed record ActionVerdict(string Action, Permission Permission, string Reason)
{
    /// <summary>The response of AWS to the probe: an error code, or <c>200</c>; <see langword="null"/> if not probed.</summary>
    public string? RawAnswer { get; init; }

    /// <summary>The decision of the known policies, without the caller's own.</summary>
    public Decision? Analysis { get; init; }

    /// <summary>
    /// For another principal than the caller: what the policies of repository and registry decide if the principal's own policies
    /// leave it to them.
    /// </summary>
    public Decision? RepositorySide { get; init; }

    /// <summary>The ID under which AWS can find the probe.</summary>
    internal string? RequestId { get; init; }

    /// <summary>Whether the action was not probed, because the probe could have created the repository.</summary>
    internal bool IsWithheld { get; init; }

    /// <summary>What the response to the probe shows about the repository.</summary>
    internal Presence Repository =>
        this switch
        {
            { RawAnswer: "RepositoryNotFoundException" } => Presence.Absent,
            { RawAnswer: not null, Permission: Permission.Allowed } => Presence.Present,
            _ => Presence.NotSeen,
        };
}
