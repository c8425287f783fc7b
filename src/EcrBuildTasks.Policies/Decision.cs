namespace EcrBuildTasks.Policies;

/// <summary>What the policies at hand say about one request.</summary>
public enum Verdict
{
    /// <summary>A statement allows the request, on every side that has to.</summary>
    Allowed,

    /// <summary>No statement allows the request.</summary>
    ImplicitlyDenied,

    /// <summary>A statement denies the request.</summary>
    ExplicitlyDenied,

    /// <summary>Denied for certain, though whether by a statement or for want of one is not known.</summary>
    Denied,

    /// <summary>Something that decides is not known; <see cref="Decision.Missing"/> names it.</summary>
    Unknown,
}

/// <summary>A statement, by the policy it stands in and its place there.</summary>
/// <param name="PolicyName">The name of an identity policy; <see langword="null"/> for the other kinds.</param>
/// <param name="Index">The statement's index in the policy, from 0.</param>
/// <param name="Sid">The statement's <c>Sid</c>, where it has one.</param>
public sealed record StatementReference(PolicyKind Policy, string? PolicyName, int Index, string? Sid);

public sealed record Decision
{
    public required Verdict Verdict { get; init; }

    /// <summary>The statement that decides, where one does.</summary>
    public StatementReference? DecidedBy { get; init; }

    /// <summary>For an implicit denial: the kinds of policy in which an Allow is wanting.</summary>
    public IReadOnlyList<PolicyKind> Silent { get; init; } = [];

    /// <summary>For <see cref="Verdict.Unknown"/>: exactly what would have to be known, each in a short phrase.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
