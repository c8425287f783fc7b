using System.Buffers;
using System.Reflection;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>The one table of what the lines of clients, engines, CI systems and AWS mean; its rows are in <c>FailureTable.txt</c>.</summary>
internal static class FailureTable
{
    private static readonly LinePattern LoginWords = new(
        "login attempt|docker login|/v2/\": |/v2/: |logging into|get-login"
    );

    private static readonly LinePattern PullWords = new(
        "CannotPull|pull access denied|failed to pull|ErrImagePull|ImagePullBackOff|pull image|pulling|load metadata|source metadata|failed to resolve|GetDownloadUrlForLayer|pull secrets or registry auth|Lambda"
    );

    private static readonly LinePattern PushWords = new("push|upload|PUT |PutImage");

    private static readonly LinePattern TraceWords = new("level=debug|level=trace|##[debug]|[DEBUG]|^DEBU|^TRAC");

    public static IReadOnlyList<Failure> Rows { get; } = [.. Parse()];

    // A pattern is tried only where one of its clues stands.
    private static readonly ILookup<char, (string Clue, LinePattern Pattern, int Row)> ByInitial = Rows.SelectMany(
            (row, index) =>
                row.OfLines.SelectMany(pattern =>
                    pattern.Clues.Select(clue => (Clue: clue, Pattern: pattern, Row: index))
                )
        )
        .ToLookup(entry => char.ToLowerInvariant(entry.Clue[0]));

    /// <summary>Phrases of which each line that matches a row contains one.</summary>
    public static SearchValues<string> Clues { get; } =
        SearchValues.Create(
            [.. ByInitial.SelectMany(entries => entries).Select(entry => entry.Clue).Distinct(StringComparer.Ordinal)],
            StringComparison.OrdinalIgnoreCase
        );

    public static Failure Unknown { get; } = Get("unknown");

    public static Failure OtherRegistry { get; } = Get("other-registry");

    /// <summary>The row of a kind, of several the most telling one.</summary>
    public static Failure Get(string kind) => Rows.Where(row => row.Kind == kind).MaxBy(row => row.Line)!;

    /// <summary>The most telling row that a line, or a few of them, match; among equals the first.</summary>
    public static Failure? Find(string text, bool isPush)
    {
        var tried = new HashSet<LinePattern>();
        var best = -1;
        for (var at = 0; text.AsSpan(at).IndexOfAny(Clues) is >= 0 and var next; at++)
        {
            at += next;
            foreach (var (clue, pattern, row) in ByInitial[char.ToLowerInvariant(text[at])])
            {
                if (
                    (best < 0 || (Rows[row].Line, -row).CompareTo((Rows[best].Line, -best)) > 0)
                    && string.Compare(text, at, clue, 0, clue.Length, StringComparison.OrdinalIgnoreCase) == 0
                    && (isPush || !Rows[row].DuringPush.Contains(pattern))
                    && tried.Add(pattern)
                    && pattern.Matches(text)
                )
                {
                    best = row;
                }
            }
        }

        return best < 0 ? null : Rows[best];
    }

    /// <summary>The first row that a short text without such a line matches.</summary>
    public static Failure? FindInShort(string text) =>
        Rows.FirstOrDefault(row => row.InShort.Any(pattern => pattern.Matches(text)));

    /// <summary>What a line is about, as far as its own words say.</summary>
    public static Operation? OperationOf(string line) =>
        LoginWords.Matches(line) ? Operation.Login
        : PullWords.Matches(line) ? Operation.Pull
        : PushWords.Matches(line) ? Operation.Push
        : null;

    /// <summary>A client that logs its requests shows refusals that it then overcomes, such as the first 401.</summary>
    public static bool IsTrace(string line) => TraceWords.Matches(line);

    private static IEnumerable<Failure> Parse()
    {
        using var text = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("FailureTable.txt")!
        );
        var macros = new Dictionary<string, string>(StringComparer.Ordinal);
        Failure? row = null;
        while (text.ReadLine() is { } line)
        {
            switch (line.TrimStart().Split(' ', 2))
            {
                case [['#', ..], ..] or [""]:
                    break;
                case [['$', .. var macro], ['=', ' ', .. var value]]:
                    macros[$"{{{macro}}}"] = value;
                    break;
                case [var kind, var rest] when line[0] != ' ':
                    if (row is not null)
                    {
                        yield return row;
                    }

                    row = ParseHeader(kind, rest.Split(' '));
                    break;
                case ["-", var remedy]:
                    row = row! with { Remedies = [.. row.Remedies, remedy] };
                    break;
                case ["pull-", var remedy]:
                    row = row! with { OnPull = [.. row.OnPull, remedy] };
                    break;
                case ["=", var pattern]:
                    row = row! with { Patterns = [.. row.Patterns, Pattern(pattern)] };
                    break;
                case ["push=", var pattern]:
                    row = row! with { DuringPush = [.. row.DuringPush, Pattern(pattern)] };
                    break;
                case ["short=", var pattern]:
                    row = row! with { InShort = [.. row.InShort, Pattern(pattern)] };
                    break;
                default:
                    row = row! with { Cause = line.Trim() };
                    break;
            }
        }

        yield return row!;

        LinePattern Pattern(string pattern) =>
            new(
                macros.Aggregate(
                    pattern,
                    (text, macro) => text.Replace(macro.Key, macro.Value, StringComparison.Ordinal)
                )
            );
    }

    private static Failure ParseHeader(string kind, string[] columns) =>
        new(
            kind,
            columns[0] is "-" ? null : EcrCode.Catalogue.Single(code => code.Id == columns[0]),
            Enum.Parse<LineKind>(columns[1], ignoreCase: true),
            columns is [_, _, var about] ? Enum.Parse<Operation>(about, ignoreCase: true) : null
        );
}
