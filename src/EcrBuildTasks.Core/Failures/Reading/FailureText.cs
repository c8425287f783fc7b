using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Reads why a push failed from its output, or from a whole build log.</summary>
public static partial class FailureText
{
    /// <summary>The longest text, in characters, in which words that are common in logs count as the failure.</summary>
    internal const int LongestExcerpt = 2048;

    // No phrase of a pattern is longer.
    private const int LongestPhrase = 80;

    // So many failures of different images are kept until one of the images arrives.
    private const int MostFindings = 64;

    private const string PushBegins = "The push refers to";

    private static readonly SearchValues<string> DenialClues = SearchValues.Create(
        ["authorized to perform", "explicit deny", "policy allows the", "permissions boundary allows"],
        StringComparison.OrdinalIgnoreCase
    );

    internal static FailureReading Read(string text)
    {
        using var reader = new StringReader(text);
        return Read(reader);
    }

    /// <summary>
    /// The code of what a registry or an engine answered to a push; <see langword="null"/> if the answer is not known. All denials
    /// are the same here: the ECR API gives the reason.
    /// </summary>
    /// <param name="isCertain">Whether the answer itself has the reason; a status or a closed connection has none.</param>
    internal static EcrCode? CodeOfAnswer(string answer, out bool isCertain)
    {
        var reading = Read($"{PushBegins}\n{answer}");
        isCertain = reading.Failure.Line is LineKind.Cause or LineKind.Fault;
        return reading.Denial is not null
            || reading.Failure.Kind is "unauthenticated" or "eof" or "forbidden-opaque"
            || reading.Kind.StartsWith("denied-", StringComparison.Ordinal)
                ? EcrCode.DeniedWithoutReason
            : reading.Code == EcrCode.EndpointUnreachable ? EcrCode.RegistryUnreachable
            : reading.Code;
    }

    /// <summary>Reads a text of any size; the memory used does not grow with it.</summary>
    /// <returns>The most telling failure that no later success ended; among equals the last one, where the log ends.</returns>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static FailureReading Read(TextReader text)
    {
        var reader = new Reader();
        foreach (var passage in Passage.All(LogLines.Read(text)))
        {
            reader.Read(passage);
        }

        return reader.End();
    }

    /// <summary>An error that EcrBuildTasks itself has printed.</summary>
    private static Failure? OwnError(string line) =>
        OwnErrorLine().Match(line) is { Success: true, Groups: var error }
        && EcrCode.Catalogue.FirstOrDefault(code => code.Id == error["code"].Value) is { } known
            ? new("ecrbuildtasks-error", known, LineKind.Diagnosis, null)
            {
                Cause = new UntrustedText(error["message"].Value).ToString(),
            }
            : null;

    [GeneratedRegex(
        @"\berror (?<code>ECR[0-9]{4}): (?<message>.+?)( \[[^\]]+proj\])?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
    )]
    private static partial Regex OwnErrorLine();

    private sealed class Reader
    {
        private readonly StringBuilder _excerpt = new();
        private readonly List<FailureReading> _findings = [];
        private ImageMention? _image;
        private Operation? _operation;
        private bool _isOtherRegistry;
        private string? _lastLine;
        private bool _isRecognized;

        public void Read(Passage passage)
        {
            var line = passage.Line;
            if (_excerpt.Length <= LongestExcerpt)
            {
                _excerpt.Append(line).Append('\n');
            }

            var image = ImageMention.LastIn(line);
            if (image is not null)
            {
                _image = image.Over(_image);
                _isOtherRegistry = false;
            }

            if (line == _lastLine)
            {
                return;
            }

            _lastLine = line;
            if (OwnError(line) is { } own)
            {
                Add(new(own) { Image = _image });
            }
            else if (passage.Has(DenialClues) && Denials.Find(passage.Sentences) is { } denial)
            {
                Add(denial with { Image = _image });
            }
            else if (passage.Find(FailureCatalog.Clues, Row) is var (row, text))
            {
                Take(row, text, image);
            }
        }

        public FailureReading End()
        {
            if (!_isRecognized && _excerpt.Length <= LongestExcerpt)
            {
                var excerpt = _excerpt.ToString();
                if (FailureCatalog.FindInShort(excerpt) is { } row)
                {
                    Add(new(row) { Image = _image, Operation = _operation });
                }
            }

            // The order of equals is kept, so that the last one is taken.
            var reading = _findings.OrderBy(finding => finding.Weight).LastOrDefault() ?? new(FailureCatalog.Unknown);
            return reading with { Image = reading.Image?.Over(_image) ?? _image };
        }

        private Failure? Row(string text) => FailureCatalog.Find(text, _operation is Operation.Push);

        private void Take(Failure row, string line, ImageMention? image)
        {
            switch (row.Line)
            {
                case LineKind.Progress:
                    _operation = row.About ?? _operation;
                    _isOtherRegistry |= row.Kind is "push-elsewhere";
                    break;
                case LineKind.Success:
                    _isRecognized = true;
                    End(row.About, _image?.Repository);
                    break;
                case LineKind.Symptom when FailureCatalog.IsTrace(line):
                    // A client that logs its requests shows refusals that it then overcomes, such as the first 401.
                    break;
                default:
                    var isElsewhere =
                        image is null
                        && row.Line is (LineKind.Symptom or LineKind.Cause)
                        && (_isOtherRegistry || FailureCatalog.OtherRegistry.Matches(line));
                    Add(
                        new(isElsewhere ? FailureCatalog.OtherRegistry : row)
                        {
                            Image = _image,
                            Named = RepositoryName.Find(line),
                            Operation = row.About ?? FailureCatalog.OperationOf(line) ?? _operation,
                        }
                    );
                    break;
            }
        }

        private void Add(FailureReading finding)
        {
            _isRecognized = true;
            _findings.RemoveAll(other => IsSame(other) && other.Weight <= finding.Weight);
            if (!_findings.Any(IsSame))
            {
                _findings.Add(finding);
            }

            if (_findings.Count > MostFindings)
            {
                _findings.Remove(_findings.MinBy(other => other.Weight)!);
            }

            bool IsSame(FailureReading other) => other.Failure == finding.Failure && other.Image == finding.Image;
        }

        /// <summary>
        /// A pushed image ends what failed before it, side calls and a pull of the same image included; a login and a pull end
        /// only their own failures.
        /// </summary>
        private void End(Operation? operation, string? repository) =>
            _findings.RemoveAll(finding =>
            {
                var isOpen = repository is null || finding.Repository is null;
                return operation switch
                {
                    Operation.Login => finding.Operation is Operation.Login,
                    Operation.Pull => finding.Operation is Operation.Pull
                        && (isOpen || finding.Repository == repository),
                    _ => finding.Repository == repository || isOpen && finding.Operation is not Operation.Pull,
                };
            });
    }

    /// <summary>A line of a log and its neighbors, over which its words may have been wrapped.</summary>
    private sealed record Passage(IReadOnlyList<string> Before, string Line, IReadOnlyList<string> After)
    {
        // An ARN with its sentence rarely reaches further.
        private const int ReachBack = 3;
        private const int Reach = 6;
        private const int LongestSentence = 2048;

        /// <summary>The texts in which a sentence that begins, continues or ends on this line may stand.</summary>
        public IEnumerable<string> Sentences
        {
            get
            {
                string[] following = [Line, .. After.Select(line => Head(line, LongestSentence))];
                string[] all = [.. Before.Select(line => Tail(line, LongestSentence)), .. following];
                yield return string.Join('\n', following);
                yield return string.Join('\n', all);
                yield return string.Concat(following);
                yield return string.Concat(all);
            }
        }

        public static IEnumerable<Passage> All(IEnumerable<string> lines)
        {
            var window = new List<string>();
            var at = 0;
            foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
            {
                window.Add(line);
                if (window.Count - at > Reach)
                {
                    yield return Next();
                }
            }

            while (at < window.Count)
            {
                yield return Next();
            }

            Passage Next()
            {
                var passage = new Passage([.. window.Take(at)], window[at], [.. window.Skip(at + 1)]);
                at++;
                if (at > ReachBack)
                {
                    window.RemoveAt(0);
                    at--;
                }

                return passage;
            }
        }

        /// <summary>Whether one of the phrases stands on the line, or is torn over its beginning.</summary>
        public bool Has(SearchValues<string> phrases) =>
            Line.AsSpan().ContainsAny(phrases)
            || Before is [.., var last]
                && !last.AsSpan().ContainsAny(phrases)
                && Seams(last, Line).Any(seam => seam.AsSpan().ContainsAny(phrases));

        /// <summary>What is found on the line, else in it and the next two lines as if one of its phrases was wrapped or torn.</summary>
        public (Failure Row, string Text)? Find(SearchValues<string> clues, Func<string, Failure?> find)
        {
            if (Line.AsSpan().ContainsAny(clues) && find(Line) is { } own)
            {
                return (own, Line);
            }

            if (After is not [var next, ..])
            {
                return null;
            }

            string[] lines = [Line, .. After.Take(2).Select(line => Head(line, LongestSentence))];
            foreach (var (seam, separator) in Seams(Line, next).Zip([" ", ""]))
            {
                var text = string.Join(separator, lines);
                if (
                    // A message that goes on begins in lower case.
                    (
                        Spans(seam, Tail(Line, LongestPhrase), clues)
                        || separator == " " && char.IsAsciiLetterLower(next[0]) && Line.AsSpan().ContainsAny(clues)
                    )
                    && find(text) is { } row
                    // What stands on one of those lines alone is found there.
                    && !After.Take(2).Any(row.Matches)
                )
                {
                    return (row, text);
                }
            }

            return null;
        }

        /// <summary>Whether one of the phrases begins in the beginning of the seam and ends behind it.</summary>
        private static bool Spans(string seam, string beginning, SearchValues<string> phrases)
        {
            for (var at = 0; seam.AsSpan(at).IndexOfAny(phrases) is >= 0 and var next; at++)
            {
                at += next;
                if (at >= beginning.Length)
                {
                    return false;
                }

                if (beginning.AsSpan(at).IndexOfAny(phrases) != 0)
                {
                    return true;
                }
            }

            return false;
        }

        private static string[] Seams(string last, string next)
        {
            var (end, begin) = (Tail(last, LongestPhrase), Head(next, LongestPhrase));
            return [$"{end} {begin}", end + begin];
        }

        private static string Head(string text, int length) => text.Length <= length ? text : text[..length];

        private static string Tail(string text, int length) => text.Length <= length ? text : text[^length..];
    }
}
