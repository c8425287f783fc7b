namespace EcrBuildTasks.Policies.Fixes;

public static class ShellWord
{
    private const string Plain = "_./:@%+=,-";

    // What bash, PowerShell or cmd replace within double quotes, or end them with; PowerShell takes curly quotes for straight ones.
    private const string ReplacedInQuotes = "\"$`\\!%\u201C\u201D\u201E";

    /// <summary>The text as one word for POSIX shells, PowerShell and cmd alike.</summary>
    /// <returns><see langword="null"/> when there is no such word: no quotes mean the same in all of them.</returns>
    public static string? QuoteForAnyShell(string text) =>
        text.Any(character => char.IsControl(character) || ReplacedInQuotes.Contains(character)) ? null
        // PowerShell splats @a, makes a list of a,b, and two words of -a.b.
        : Quote(text) == text && text[0] is not ('@' or '-') && !text.Contains(',', StringComparison.Ordinal) ? text
        : $"\"{text}\"";

    /// <summary>The text as one word for a POSIX shell, quoted where it has to be.</summary>
    internal static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || Plain.Contains(character))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
