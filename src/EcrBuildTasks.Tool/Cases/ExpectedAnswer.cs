using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>What a case says its answer should be.</summary>
/// <param name="Accepted">Every verdict that counts as right.</param>
/// <param name="Statements">
/// Any one of them decides, none of them when the list is empty; <see langword="null"/> when the case does not say.
/// </param>
internal sealed record ExpectedAnswer(
    Verdict Verdict,
    IReadOnlyList<Verdict> Accepted,
    IReadOnlyList<CaseStatement>? Statements
)
{
    /// <exception cref="CaseFormatException">A field holds something else than it should.</exception>
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

    /// <summary>Whether an answer is right: its verdict, and where the case names statements, the one that decides.</summary>
    public bool IsMetBy(Decision decision) =>
        Accepted.Contains(decision.Verdict)
        // Another verdict than the first is accepted without knowing what would decide it.
        && (Statements is null || decision.Verdict != Verdict || IsDecidedAsExpected(decision.DecidedBy));

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(" or ", Accepted) + (Statements is { Count: > 0 } ? $" by {string.Join(" or ", Statements)}" : "");

    private bool IsDecidedAsExpected(StatementReference? decidedBy) =>
        decidedBy is null ? Statements!.Count == 0 : Statements!.Contains(CaseStatement.Of(decidedBy));

    private static Verdict ReadVerdict(CaseField json) =>
        json.Text() switch
        {
            nameof(Verdict.Allowed) => Verdict.Allowed,
            nameof(Verdict.ImplicitlyDenied) => Verdict.ImplicitlyDenied,
            nameof(Verdict.ExplicitlyDenied) => Verdict.ExplicitlyDenied,
            nameof(Verdict.Denied) => Verdict.Denied,
            nameof(Verdict.Unknown) => Verdict.Unknown,
            var other => throw new CaseFormatException(
                $"\"{json.Path}\" is \"{other}\", not one of {string.Join(", ", Enum.GetNames<Verdict>())}."
            ),
        };
}
