using System.Buffers;
using System.Text;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Reads what a failed push, or a whole build log with one in it, tells of the failure.</summary>
public static class FailureText
{
    /// <summary>The longest text, in characters, in which words that are common in logs are taken for the failure.</summary>
    internal const int LongestExcerpt = 2048;

    private static readonly string[] DenialClues =
    [
        "authorized to perform",
        "explicit deny",
        "policy allows the",
        "permissions boundary allows",
    ];

    private const string PushedClue = ": digest: sha256:";

    private static readonly ClueIndex Rules = new([.. FailureRules.All.Where(rule => !rule.OnlyInExcerpts)]);

    private static readonly ClueIndex ExcerptRules = new([.. FailureRules.All.Where(rule => rule.OnlyInExcerpts)]);

    private static readonly SearchValues<string> Clues = SearchValues.Create(
        [
            PushedClue,
            .. DenialClues,
            .. FailureRules.All.Where(rule => !rule.OnlyInExcerpts).SelectMany(rule => rule.Clues),
        ],
        StringComparison.OrdinalIgnoreCase
    );

    internal static FailureReading Read(string text)
    {
        using var reader = new StringReader(text);
        return Read(reader);
    }

    /// <summary>Reads a text of any size; the memory used does not grow with it.</summary>
    /// <returns>
    /// The most telling failure: a reason goes before a circumstance, and that before an answer that has lost its reason;
    /// among equals the last one, at which the log ends.
    /// </returns>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static FailureReading Read(TextReader text)
    {
        var search = new Search();
        foreach (var passage in Passage.All(LogLines.Of(text)))
        {
            search.Look(passage);
        }

        return search.End();
    }

    private sealed class Search
    {
        private readonly StringBuilder _excerpt = new();
        private FailureReading? _found;
        private ImageMention? _image;
        private string? _lastLine;

        public void Look(Passage passage)
        {
            var line = passage.Line;
            if (_excerpt.Length <= LongestExcerpt)
            {
                _excerpt.Append(line).Append('\n');
            }

            _image = passage.Image ?? _image;
            if (!passage.Has(Clues) || line == _lastLine)
            {
                return;
            }

            _lastLine = line;
            if (passage.HasAny(DenialClues) && DenialReading.Of(passage) is { } denial)
            {
                Take(denial);
            }
            else if (
                passage.FirstFitting(Rules) is { } rule
                && !(rule.Kind.Evidence is Evidence.Symptom && IsTrace(line))
            )
            {
                Take(Reading(rule));
            }
            else if (line.Contains(PushedClue, StringComparison.Ordinal) && _found is { Kind.IsTransient: true })
            {
                _found = null;
            }
        }

        public FailureReading End()
        {
            if (_found is null && _excerpt.Length <= LongestExcerpt)
            {
                var excerpt = _excerpt.ToString();
                if (ExcerptRules.In(excerpt).FirstOrDefault(rule => rule.Fits(excerpt)) is { } rule)
                {
                    Take(Reading(rule));
                }
            }

            var reading = _found ?? new(FailureKind.Unknown);
            return reading.Image is null ? reading with { Image = _image } : reading;
        }

        /// <summary>A client that logs its requests shows refusals that it then overcomes, such as the first 401.</summary>
        private static bool IsTrace(string line) =>
            line.Contains("level=debug", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("DEBU", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("TRAC", StringComparison.OrdinalIgnoreCase);

        private void Take(FailureReading reading)
        {
            if (_found is null || reading.Evidence >= _found.Evidence)
            {
                _found = reading with { Image = _image };
            }
        }

        private static FailureReading Reading(FailureRule rule) =>
            new(rule.Kind) { Code = rule.Code ?? rule.Kind.Code };
    }
}
