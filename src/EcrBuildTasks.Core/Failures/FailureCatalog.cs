using System.Buffers;
using System.Reflection;

namespace EcrBuildTasks.Failures;

/// <summary>
/// The one description of all failures: an entry for each code, and what the lines of clients, engines, CI systems and AWS
/// mean. It is in <c>FailureCatalog.txt</c>.
/// </summary>
internal static class FailureCatalog
{
    private static readonly LinePattern LoginWords = new(
        "login attempt|docker login|/v2/\": |/v2/: |logging into|get-login"
    );

    private static readonly LinePattern PullWords = new(
        "CannotPull|pull access denied|failed to pull|ErrImagePull|ImagePullBackOff|pull image|pulling|load metadata|source metadata|failed to resolve|GetDownloadUrlForLayer|pull secrets or registry auth|Lambda"
    );

    private static readonly LinePattern PushWords = new("push|upload|PUT |PutImage");

    private static readonly LinePattern TraceWords = new("level=debug|level=trace|##[debug]|[DEBUG]|^DEBU|^TRAC");

    private static readonly (Dictionary<string, CatalogEntry> Entries, IReadOnlyList<Failure> Rows) Catalog = Parse();

    public static IReadOnlyList<Failure> Rows => Catalog.Rows;

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

    public static CatalogEntry EntryOf(EcrCode code) => Catalog.Entries[code.Id];

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

    private static (Dictionary<string, CatalogEntry>, IReadOnlyList<Failure>) Parse()
    {
        using var text = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("FailureCatalog.txt")!
        );
        var macros = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, CatalogEntry>(StringComparer.Ordinal);
        var rows = new List<Failure>();
        var code = "";
        while (text.ReadLine() is { } line)
        {
            switch (line.TrimStart().Split(' ', 2))
            {
                case [['#', ..], ..] or [""]:
                    break;
                case [['$', .. var macro], ['=', ' ', .. var value]]:
                    macros[$"{{{macro}}}"] = value;
                    break;
                case [['E', 'C', 'R', ..] id, var title] when line[0] != ' ':
                    entries[code = id] = new(title, [], []);
                    break;
                case [var kind, var rest] when line[0] != ' ':
                    rows.Add(ParseHeader(kind, rest.Split(' ')));
                    break;
                case [var mark, var words] when rows.Count == 0:
                    entries[code] = AddToEntry(entries[code], mark, words);
                    break;
                case [var mark, var words]:
                    rows[^1] = AddToRow(rows[^1], mark, words, line);
                    break;
            }
        }

        return (entries, rows);

        static CatalogEntry AddToEntry(CatalogEntry entry, string mark, string words) =>
            mark switch
            {
                "build-" => entry with { Remedies = [.. entry.Remedies, words] },
                "tool-" => entry with { ToolRemedies = [.. entry.ToolRemedies, words] },
                "-" => entry with
                {
                    Remedies = [.. entry.Remedies, words],
                    ToolRemedies = [.. entry.ToolRemedies, words],
                },
                _ => throw new FormatException($"The catalog has the unknown mark '{mark}'."),
            };

        Failure AddToRow(Failure row, string mark, string words, string line) =>
            mark switch
            {
                "-" => row with { Remedies = [.. row.Remedies, words] },
                "pull-" => row with { OnPull = [.. row.OnPull, words] },
                "=" => row with { Patterns = [.. row.Patterns, Pattern(words)] },
                "push=" => row with { DuringPush = [.. row.DuringPush, Pattern(words)] },
                "short=" => row with { InShort = [.. row.InShort, Pattern(words)] },
                _ => row with { Cause = line.Trim() },
            };

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
