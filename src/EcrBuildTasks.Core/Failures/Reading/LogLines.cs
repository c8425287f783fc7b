using System.Net;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>The lines of a log without what terminals, CI systems and quoting have put around the words.</summary>
internal static partial class LogLines
{
    // Longer lines are read in pieces of this length, so that memory does not grow with the input.
    private const int LongestLine = 16 * 1024;

    /// <summary>Reads to the end; never more than one piece of a line is held.</summary>
    public static IEnumerable<string> Read(TextReader text)
    {
        var buffer = new char[LongestLine];
        var (length, read) = (0, 0);
        while ((read = text.Read(buffer, length, LongestLine - length)) > 0)
        {
            length += read;
            var start = 0;
            while (Array.IndexOf(buffer, '\n', start, length - start) is >= 0 and var end)
            {
                foreach (var line in Clean(new string(buffer, start, end - start)))
                {
                    yield return line;
                }

                start = end + 1;
            }

            if (start == 0 && length == LongestLine)
            {
                foreach (var line in Clean(new string(buffer)))
                {
                    yield return line;
                }

                start = length;
            }

            length -= start;
            Array.Copy(buffer, start, buffer, 0, length);
        }

        foreach (var line in Clean(new string(buffer, 0, length)))
        {
            yield return line;
        }
    }

    private static string[] Clean(string line)
    {
        var words = line.AsSpan().ContainsAny("\u001b^\u009b") ? TerminalCodes().Replace(line, "") : line;
        words = words.Contains('\\', StringComparison.Ordinal) ? Unescape(words) : words;
        words = words.Contains('&', StringComparison.Ordinal) ? WebUtility.HtmlDecode(words) : words;
        return [.. words.Split('\n', '\r').Select(part => Prefix().Replace(Blanks().Replace(part, " "), ""))];
    }

    /// <summary>Undoes JSON's escapes, however often they were escaped themselves.</summary>
    private static string Unescape(string text) =>
        Escape()
            .Replace(
                text,
                escape =>
                    escape.Groups["code"] is { Success: true } code
                        ? ((char)Convert.ToInt32(code.Value, 16)) switch
                        {
                            '\u001b' => "",
                            < ' ' => " ",
                            var character => character.ToString(),
                        }
                        : escape.ValueSpan[^1] switch
                        {
                            'n' or 'r' => "\n",
                            't' => " ",
                            var character => character.ToString(),
                        }
            );

    [GeneratedRegex(
        @"(\u001b|\^\[|\u009b)(\[[0-9;?]*[A-Za-z]|\][^\u0007\u001b]*\u0007)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex TerminalCodes();

    [GeneratedRegex(
        @"\\+(u(?<code>[0-9a-fA-F]{4})(\[[0-9;]*m)?|[""'/nrt])",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\s\u00a0]{2,}|[\t\u00a0]", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();

    // Times (and the job and step before one), the numbers of build steps, the names of services, quotation marks of mails, boxes.
    [GeneratedRegex(
        """
            ^(\s*(([^"'{=]{0,80}\s)?\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?\]?|\[?\d\d:\d\d:\d\d([.,]\d+)?\]?([A-Z]?:)?|\[Step \d+/\d+\]|[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d [\w.-]+ [\w.-]+(\[\d+\])?:|[\w.-]+ \([\w-]+\):|#\d+( \d+\.\d+)?|##\[(error|warning|section|command|group)\]|::\w+::|[|>│╷╵]|[\w.-]+\s+\||(remote|stderr|stdout)( [FP])?:?)\s)+
            """,
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Prefix();
}
