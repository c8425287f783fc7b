namespace EcrBuildTasks.Policies;

/// <summary>Texts that stand for all texts which a few literals and patterns do not tell apart.</summary>
internal static class PossibleTexts
{
    private const string MatchedByNone = "\u0001";

    /// <returns>The texts; <see langword="null"/> when the patterns overlap in ways that samples would not show.</returns>
    public static IReadOnlyList<string>? Of(IEnumerable<TextTemplate> templates, in Question question)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal) { MatchedByNone };
        var patterns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var template in templates)
        {
            // A variable without a value matches nothing; one that is not known keeps its condition unknown.
            if (template.Resolve(question, out var text, out var literal) is not Truth.True)
            {
                continue;
            }

            if (literal is null)
            {
                texts.Add(text);
                texts.Add(SwapCase(text));
            }
            else if (patterns.Add(text))
            {
                texts.Add(Sample(text, literal, ""));
                texts.Add(Sample(text, literal, "x"));
            }
        }

        return AddOverlap(texts, [.. patterns]) ? [.. texts] : null;
    }

    /// <summary>Of two patterns that open or end with their star, one inside the other shows what both match.</summary>
    private static bool AddOverlap(HashSet<string> texts, string[] patterns)
    {
        if (patterns.Length < 2)
        {
            return true;
        }

        if (patterns.Length > 2 || patterns.Any(pattern => !HasOneStarAtAnEnd(pattern)))
        {
            return false;
        }

        var (first, second) = (patterns[0], patterns[1]);
        texts.Add(first.Replace("*", second.Replace("*", "", StringComparison.Ordinal), StringComparison.Ordinal));
        texts.Add(second.Replace("*", first.Replace("*", "", StringComparison.Ordinal), StringComparison.Ordinal));
        return true;
    }

    private static bool HasOneStarAtAnEnd(string pattern) =>
        pattern.Count(character => character is '*' or '?') == 1 && (pattern.StartsWith('*') || pattern.EndsWith('*'));

    private static string Sample(string pattern, bool[] literal, string star) =>
        string.Concat(
            pattern.Select(
                (character, i) =>
                    (character, literal[i]) switch
                    {
                        ('*', false) => star,
                        ('?', false) => "x",
                        _ => character.ToString(),
                    }
            )
        );

    private static string SwapCase(string text) =>
        string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
