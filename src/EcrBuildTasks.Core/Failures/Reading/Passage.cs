using System.Buffers;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>A line of a log and its neighbours, over which its words may have been wrapped.</summary>
/// <param name="Before">The lines before it, as far as a sentence may reach.</param>
/// <param name="After">The lines after it, as far as a sentence may reach.</param>
internal sealed record Passage(IReadOnlyList<string> Before, string Line, IReadOnlyList<string> After)
{
    private const int ReachBack = 3;
    private const int Reach = 6;

    // A phrase is shorter than this, an ARN with its sentence rarely longer.
    private const int LongestPhrase = 80;
    private const int LongestSentence = 2048;

    private IEnumerable<string> Earlier => Before.Select(line => Tail(line, LongestSentence));

    private IEnumerable<string> Later => After.Select(line => Head(line, LongestSentence));

    /// <summary>The texts in which a sentence that begins, goes on or ends on this line may stand, the likeliest first.</summary>
    public IEnumerable<string> Sentences
    {
        get
        {
            string[] following = [Line, .. Later];
            string[] all = [.. Earlier, .. following];
            yield return string.Join('\n', following);
            yield return string.Join('\n', all);
            yield return string.Concat(following);
            yield return string.Concat(all);
        }
    }

    public ImageMention? Image =>
        Line.Contains("ecr", StringComparison.OrdinalIgnoreCase) ? ImageMention.LastIn(Line) : null;

    /// <summary>Every line of a log with its neighbours.</summary>
    public static IEnumerable<Passage> All(IEnumerable<string> lines)
    {
        var (before, after) = (new Queue<string>(), new Queue<string>());
        foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            after.Enqueue(line);
            if (after.Count > Reach)
            {
                yield return Next();
            }
        }

        while (after.Count > 0)
        {
            yield return Next();
        }

        Passage Next()
        {
            var line = after.Dequeue();
            var passage = new Passage([.. before], line, [.. after]);
            before.Enqueue(line);
            if (before.Count > ReachBack)
            {
                before.Dequeue();
            }

            return passage;
        }
    }

    /// <summary>Whether one of the phrases stands on the line, or is broken over its beginning.</summary>
    public bool Has(SearchValues<string> phrases) =>
        Line.AsSpan().ContainsAny(phrases)
        || Seams().Any(seam => seam.AsSpan().ContainsAny(phrases)) && !Before[^1].AsSpan().ContainsAny(phrases);

    public bool HasAny(IReadOnlyList<string> phrases) =>
        Seams()
            .Prepend(Line)
            .Any(text => phrases.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// The first rule that the line fits: alone, else with its neighbours as if wrapped at blanks, else, for a mere phrase,
    /// as if torn in mid-word. What the neighbours tell without it is told in their turn.
    /// </summary>
    public FailureRule? FirstFitting(ClueIndex rules)
    {
        FailureRule[] own = [.. rules.In(Line)];
        if (own.FirstOrDefault(rule => rule.Fits(Line)) is { } fitting)
        {
            return fitting;
        }

        string[] neighbours = [.. Earlier.TakeLast(1), .. Later.Take(2)];
        string[] lines = [.. Earlier.TakeLast(1), Line, .. Later.Take(2)];
        var others = neighbours.SelectMany(rules.In).Except(own).ToHashSet();
        return rules
                .In(string.Join(' ', lines))
                .FirstOrDefault(rule => !others.Contains(rule) && rule.Fits(string.Join('\n', lines)))
            ?? rules.In(string.Concat(lines)).FirstOrDefault(rule => !others.Contains(rule) && rule.Pattern is null);
    }

    private IEnumerable<string> Seams()
    {
        if (Before is [.., var last])
        {
            var (end, begin) = (Tail(last, LongestPhrase), Head(Line, LongestPhrase));
            yield return $"{end} {begin}";
            yield return end + begin;
        }
    }

    private static string Head(string text, int length) => text.Length <= length ? text : text[..length];

    private static string Tail(string text, int length) => text.Length <= length ? text : text[^length..];
}
