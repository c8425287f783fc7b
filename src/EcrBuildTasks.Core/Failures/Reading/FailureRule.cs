using System.Text.RegularExpressions;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Words by which a kind of failure is known.</summary>
/// <param name="Clues">Phrases, compared without regard to case; a line with none of them is passed over.</param>
internal sealed record FailureRule(FailureKind Kind, params IReadOnlyList<string> Clues)
{
    private readonly Lazy<Regex>? _pattern;

    /// <summary>
    /// What must stand there beside a clue: a regular expression in which a blank is any white space, the end of a
    /// line included, and a dot stays on the line. Without one, a clue suffices.
    /// </summary>
    public string? Pattern
    {
        get;
        init
        {
            field = value;
            _pattern = value is null ? null : new(() => Compile(value));
        }
    }

    /// <summary>The code, where it is finer than the kind's own.</summary>
    public EcrCode? Code { get; init; }

    /// <summary>Whether the words are too common for a log, so that they count in a short excerpt only.</summary>
    public bool OnlyInExcerpts { get; init; }

    /// <summary>Whether what must stand beside a clue does.</summary>
    public bool Fits(string text) => _pattern is null || _pattern.Value.IsMatch(text);

    private static Regex Compile(string pattern) =>
        new(
            pattern.Replace(" ", @"\s+", StringComparison.Ordinal),
            RegexOptions.IgnoreCase
                | RegexOptions.CultureInvariant
                | RegexOptions.ExplicitCapture
                | RegexOptions.NonBacktracking
        );
}
