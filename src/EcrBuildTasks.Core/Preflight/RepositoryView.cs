using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Preflight;

/// <summary>Whether a thing is there.</summary>
public enum Presence
{
    /// <summary>It is.</summary>
    Present,

    /// <summary>It is not.</summary>
    Absent,

    /// <summary>The caller could not see.</summary>
    NotSeen,
}

/// <summary>What could be seen of the repository and its policy.</summary>
public sealed record RepositoryView
{
    /// <summary>Whether the repository exists.</summary>
    public required Presence Repository { get; init; }

    /// <summary>Whether it has a policy.</summary>
    public required Presence Policy { get; init; }

    /// <summary>The policy, when it was seen.</summary>
    public PolicyDocument? PolicyDocument { get; init; }

    /// <summary>What could not be seen, and why, each in a phrase.</summary>
    public IReadOnlyList<string> NotSeen { get; init; } = [];
}
