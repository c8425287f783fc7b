namespace EcrBuildTasks.Policies.Fixes;

public static class ShellWord
{
    private const string Plain = "_./:@%+=,-";

    /// <summary>The text as one word for POSIX shells, PowerShell and cmd alike, unless it holds what they read differently.</summary>
    public static string QuoteForAnyShell(string text) =>
        text.Any(character => "\"$`\\!%".Contains(character)) || Quote(text) == text ? Quote(text) : $"\"{text}\"";

    /// <summary>The text as one word for a POSIX shell, quoted where it has to be.</summary>
    internal static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || Plain.Contains(character))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
