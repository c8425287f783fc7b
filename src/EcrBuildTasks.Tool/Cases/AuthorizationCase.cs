using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>One authorization case: a request and the policies that decide it.</summary>
internal sealed record AuthorizationCase
{
    /// <summary>The name under which the answer comes back.</summary>
    public required string Id { get; init; }

    /// <summary>Who asks for what.</summary>
    public required AuthorizationRequest Request { get; init; }

    /// <summary>The policies at hand.</summary>
    public required PolicySet Policies { get; init; }

    /// <summary>The right answer; <see langword="null"/> when the case does not say.</summary>
    public ExpectedAnswer? Expected { get; init; }
}
