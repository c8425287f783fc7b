using System.Globalization;
using System.Text;

namespace EcrBuildTasks.Policies;

/// <summary>
/// Text of AWS, a registry, an engine, an archive, a policy, a log or a file. Its printed form is one line, in which no character
/// controls a terminal, changes the direction of text or is invisible, and no CI system finds a command.
/// </summary>
/// <param name="Raw">The text as it came.</param>
public readonly record struct UntrustedText(string? Raw)
{
    /// <summary>The printed form is cut after so many characters.</summary>
    public const int LongestPrinted = 1024;

    /// <summary>The printed form.</summary>
    public override string ToString()
    {
        var line = ToLine(Raw ?? "");
        return line.Length <= LongestPrinted ? line : $"{line.AsSpan(0, LongestPrinted - 1)}…";
    }

    /// <summary>The printed form of a text of any length, such as one of ours that contains untrusted text.</summary>
    public static string ToLine(string text)
    {
        var line = text.EnumerateRunes().Any(IsEscaped) ? Escape(text, except: null) : text;

        // GitHub takes `::` for a command at the beginning of a line only, Azure Pipelines and TeamCity `##` anywhere.
        while (line.Contains("##", StringComparison.Ordinal))
        {
            line = line.Replace("##", "# #", StringComparison.Ordinal);
        }

        var blanks = line.Length - line.AsSpan().TrimStart().Length;
        return line.AsSpan(blanks).StartsWith("::")
            ? $"{line.AsSpan(0, blanks)}\\u003A{line.AsSpan(blanks + 1)}"
            : line;
    }

    /// <summary>JSON of the same meaning, whose strings can be printed; its line breaks become <c>\n</c>.</summary>
    public static string ToJson(string json)
    {
        // JSON is indented with the system's line breaks, and an escaped one is not JSON outside of strings.
        json = json.Replace("\r\n", "\n", StringComparison.Ordinal);
        var isEscaped = json.EnumerateRunes().Any(rune => rune.Value != '\n' && IsEscaped(rune));
        return (isEscaped ? Escape(json, except: '\n') : json).Replace(
            "##",
            "\\u0023\\u0023",
            StringComparison.Ordinal
        );
    }

    /// <summary>Whether a character controls a terminal, changes the direction of text or is invisible.</summary>
    internal static bool IsEscaped(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        || rune == Rune.ReplacementChar;

    private static string Escape(string text, char? except)
    {
        var escaped = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == except || !IsEscaped(rune))
            {
                escaped.Append(rune);
                continue;
            }

            foreach (var unit in units[..rune.EncodeToUtf16(units)])
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
            }
        }

        return escaped.ToString();
    }
}
