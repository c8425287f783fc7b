namespace EcrBuildTasks.Policies;

/// <summary>Matches <c>*</c> (any characters, also none) and <c>?</c> (one character).</summary>
internal static class Wildcard
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase = false) =>
        IsMatch(pattern, literal: [], text, ignoreCase);

    /// <param name="literal">
    /// At each index of the pattern, whether the character stands for itself; empty: none does.
    /// </param>
    /// <param name="text">The text that is to match from its beginning to its end.</param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    public static bool IsMatch(
        ReadOnlySpan<char> pattern,
        ReadOnlySpan<bool> literal,
        ReadOnlySpan<char> text,
        bool ignoreCase
    )
    {
        var (p, t, afterStar, starText) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && IsSpecial(pattern, literal, p, '*'))
            {
                afterStar = ++p;
                starText = t;
            }
            else if (p < pattern.Length && Fits(pattern, literal, p, text[t], ignoreCase))
            {
                p++;
                t++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && IsSpecial(pattern, literal, p, '*'))
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool IsSpecial(ReadOnlySpan<char> pattern, ReadOnlySpan<bool> literal, int index, char special) =>
        pattern[index] == special && (literal.IsEmpty || !literal[index]);

    private static bool Fits(
        ReadOnlySpan<char> pattern,
        ReadOnlySpan<bool> literal,
        int index,
        char character,
        bool ignoreCase
    ) =>
        pattern[index] == character
        || IsSpecial(pattern, literal, index, '?')
        || (ignoreCase && char.ToUpperInvariant(pattern[index]) == char.ToUpperInvariant(character));
}
