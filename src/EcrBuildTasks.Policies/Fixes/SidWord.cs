namespace EcrBuildTasks.Policies.Fixes;

internal static class SidWord
{
    /// <summary>A name as a word of a <c>Sid</c>, which has letters and digits only: <c>team-a/web</c> is <c>TeamAWeb</c>.</summary>
    public static string Create(string name)
    {
        var word = name.ToCharArray();
        for (var i = 0; i < word.Length; i++)
        {
            if (i == 0 || !char.IsAsciiLetterOrDigit(word[i - 1]))
            {
                word[i] = char.ToUpperInvariant(word[i]);
            }
        }

        return string.Concat(word.Where(char.IsAsciiLetterOrDigit));
    }
}
