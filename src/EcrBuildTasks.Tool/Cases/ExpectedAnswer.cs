using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>The expected answer of a case.</summary>
/// <param name="Accepted">All accepted verdicts.</param>
/// <param name="Statements">
/// One of these must decide; no statement if the list is empty; <see langword="null"/> if the case does not specify it.
/// </param>
internal sealed record ExpectedAnswer(
    Verdict Verdict,
    IReadOnlyList<Verdict> Accepted,
    IReadOnlyList<CaseStatement>? Statements
)
{
    /// <exception cref="CaseFormatException">A field has an invalid value.</exception>
    public static ExpectedAnswer Read(CaseField json)
    {
        var verdict = ReadVerdict(json["verdict"]);
        return new ExpectedAnswer(
            verdict,
            json["accept"] is { IsAbsentOrNull: false } accept ? [.. accept.Items().Select(ReadVerdict)] : [verdict],
            json["statements"] is { IsAbsentOrNull: false } statements
                ? [.. statements.Items().Select(CaseStatement.Read)]
                : null
        );
    }

    /// <summary>Whether an answer is as expected: its verdict and, if the case specifies statements, the deciding statement.</summary>
    public bool IsMetBy(Decision decision) =>
        Accepted.Contains(decision.Verdict)
        // For an alternative verdict the deciding statement is not specified.
        && (Statements is null || decision.Verdict != Verdict || IsDecidedAsExpected(decision.DecidedBy));

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(" or ", Accepted) + (Statements is { Count: > 0 } ? $" by {string.Join(" or ", Statements)}" : "");

    private bool IsDecidedAsExpected(StatementReference? decidedBy) =>
        decidedBy is null ? Statements!.Count == 0 : Statements!.Contains(CaseStatement.FromReference(decidedBy));

    private static Verdict ReadVerdict(CaseField json) =>
        json.Text() switch
        {
            nameof(Verdict.Allowed) => Verdict.Allowed,
            nameof(Verdict.ImplicitlyDenied) => Verdict.ImplicitlyDenied,
            nameof(Verdict.ExplicitlyDenied) => Verdict.ExplicitlyDenied,
            nameof(Verdict.Denied) => Verdict.Denied,
            nameof(Verdict.Unknown) => Verdict.Unknown,
            var other => throw new CaseFormatException(
                $"\"{json.Path}\" must be one of {string.Join(", ", Enum.GetNames<Verdict>())}, but is \"{other}\"."
            ),
        };
}
