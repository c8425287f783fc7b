namespace EcrBuildTasks.Failures;

/// <summary>What a line says of the failure, from the least to the most telling.</summary>
internal enum LineKind
{
    /// <summary>What a step is about to do: to which registry and image the next lines belong.</summary>
    Progress,

    /// <summary>An image has arrived: earlier failures of the same image are over.</summary>
    Success,

    /// <summary>Something failed, and the client has lost the reason.</summary>
    Symptom,

    /// <summary>A fault of the setup that another fault explains, where the text names one.</summary>
    Consequence,

    /// <summary>A fault of credentials, engine or settings, which a later step may live with.</summary>
    Fault,

    /// <summary>The answer of AWS or the registry to the request that failed.</summary>
    Cause,

    /// <summary>An error of EcrBuildTasks, with its code.</summary>
    Diagnosis,
}

/// <summary>What a line is about.</summary>
internal enum Operation
{
    Login,
    Pull,
    Push,
}

/// <summary>A code's entry of <see cref="FailureCatalog"/>.</summary>
/// <param name="Remedies">What to do, a sentence each, in the properties of the build.</param>
/// <param name="ToolRemedies">The same in the options of the tool.</param>
internal sealed record CatalogEntry(string Title, IReadOnlyList<string> Remedies, IReadOnlyList<string> ToolRemedies);

/// <summary>A row of <see cref="FailureCatalog"/>: a failure, the lines by which it is recognized, and what to do.</summary>
/// <param name="Kind">The stable name, such as <c>denied-no-resource-policy</c>.</param>
/// <param name="Code">The code of the catalog; <see langword="null"/> for lines of no failure.</param>
/// <param name="About">What the lines are about, if that is certain.</param>
internal sealed record Failure(string Kind, EcrCode? Code, LineKind Line, Operation? About)
{
    /// <summary>The cause, in one sentence.</summary>
    public string Cause { get; init; } = "";

    /// <summary>What to do, a sentence each.</summary>
    public IReadOnlyList<string> Remedies { get; init; } = [];

    /// <summary>What to do for a pull, if it differs.</summary>
    public IReadOnlyList<string> OnPull { get; init; } = [];

    public IReadOnlyList<LinePattern> Patterns { get; init; } = [];

    /// <summary>Lines that are recognized only after the beginning of a push; the words alone are too common.</summary>
    public IReadOnlyList<LinePattern> DuringPush { get; init; } = [];

    /// <summary>Words that are recognized only in a short text, such as an excerpt; in a whole log they are too common.</summary>
    public IReadOnlyList<LinePattern> InShort { get; init; } = [];

    public IEnumerable<LinePattern> OfLines => Patterns.Concat(DuringPush);

    public bool Matches(string line) => OfLines.Any(pattern => pattern.Matches(line));
}

/// <summary>
/// A pattern of a line: <c>a &amp; b|c &amp; !d</c> matches a line that contains <c>a</c>, one of <c>b</c> and <c>c</c>, and not
/// <c>d</c>, in any order and regardless of case. <c>^</c> stands for the beginning of the line and <c>$</c> for its end. Words and
/// numbers of up to four characters are compared as a whole. Matching takes time linear in the line's length.
/// </summary>
internal sealed class LinePattern
{
    private const int LongestWholeWord = 4;

    private readonly string[][] _all;

    private readonly string[] _none;

    public LinePattern(string pattern)
    {
        var parts = pattern.Split(" & ");
        _none = [.. parts.Where(part => part[0] == '!').Select(part => part[1..])];
        _all = [.. parts.Where(part => part[0] != '!').Select(part => part.Split('|'))];
    }

    /// <summary>Phrases of which a matching line contains one.</summary>
    public IEnumerable<string> Clues => _all[0].Select(phrase => phrase.TrimStart('^').TrimEnd('$'));

    public bool Matches(string line) =>
        _all.All(phrases => phrases.Any(phrase => Contains(line, phrase)))
        && !_none.Any(phrase => Contains(line, phrase));

    private static bool Contains(string line, string phrase)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        return (phrase[0], phrase[^1]) switch
        {
            ('^', '$') => line.AsSpan().Trim().Equals(phrase.AsSpan(1..^1), IgnoreCase),
            ('^', _) => line.StartsWith(phrase[1..], IgnoreCase),
            (_, '$') => line.AsSpan().TrimEnd().EndsWith(phrase.AsSpan(..^1), IgnoreCase),
            _ when phrase.Length <= LongestWholeWord && phrase.All(char.IsAsciiLetterOrDigit) => ContainsWord(
                line,
                phrase
            ),
            _ => line.Contains(phrase, IgnoreCase),
        };
    }

    private static bool ContainsWord(string line, string word)
    {
        for (
            var at = 0;
            line.IndexOf(word, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found;
            at = found + word.Length
        )
        {
            var end = found + word.Length;
            if (
                (found == 0 || !char.IsAsciiLetterOrDigit(line[found - 1]))
                && (end == line.Length || !char.IsAsciiLetterOrDigit(line[end]))
            )
            {
                return true;
            }
        }

        return false;
    }
}
