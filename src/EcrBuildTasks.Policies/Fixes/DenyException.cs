namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A statement of a repository policy that denies the caller, and the same statement with the caller excepted.</summary>
public sealed record DenyException
{
    /// <summary>The statement's place in the policy.</summary>
    public required StatementReference Reference { get; init; }

    /// <summary>
    /// Whether the statement denies for certain; otherwise its conditions ask for what is not known, and it may be the one.
    /// </summary>
    public required bool IsCertain { get; init; }

    /// <summary>
    /// The statement with the caller excepted, everybody else denied as before; <see langword="null"/> when the caller
    /// cannot be named in a condition.
    /// </summary>
    public required Statement? Statement { get; init; }

    /// <summary>The actions that the caller is excepted from beside those of a push; empty when there are none.</summary>
    public required IReadOnlyList<string> OtherActions { get; init; }

    /// <summary>The whole policy with the statement changed; <see langword="null"/> when the caller cannot be excepted.</summary>
    public required PolicyDocument? ChangedPolicy { get; init; }
}
