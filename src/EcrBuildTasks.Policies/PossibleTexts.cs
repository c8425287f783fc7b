namespace EcrBuildTasks.Policies;

/// <summary>
/// Texts that stand for all texts: one for each combination of literals and patterns that some text matches.
/// </summary>
/// <remarks>
/// Reads all patterns at once, character by character, as the one automaton that they make together; each state is
/// reached by a shortest text.
/// </remarks>
internal static class PossibleTexts
{
    private const int MostStates = 4_096;
    private const char MatchedByWildcardsOnly = '\u0001';

    /// <returns>The texts; <see langword="null"/> when they are too many to try.</returns>
    public static IReadOnlyList<string>? Find(
        IEnumerable<TextTemplate> templates,
        in Question question,
        bool areArns = false
    )
    {
        var patterns = new List<PatternAutomaton>();
        foreach (var template in templates)
        {
            // A variable without a value matches nothing; one that is not known keeps its condition unknown.
            if (template.Resolve(question, out var text, out var literal) is Truth.True)
            {
                patterns.Add(new PatternAutomaton(text, literal, template.IgnoreCase, areArns));
            }
        }

        return Explore([.. patterns], Alphabet(patterns));
    }

    private static string[]? Explore(PatternAutomaton[] patterns, char[] alphabet)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<(string Text, string[] State)>();
        Visit("", [.. patterns.Select(pattern => pattern.Start)]);
        while (open.TryDequeue(out var reached))
        {
            if (seen.Count > MostStates)
            {
                return null;
            }

            foreach (var character in alphabet)
            {
                Visit(
                    reached.Text + character,
                    [.. patterns.Select((pattern, i) => pattern.Next(reached.State[i], character))]
                );
            }
        }

        return [.. texts.Values];

        void Visit(string text, string[] state)
        {
            if (seen.Add(string.Join('\uFFFF', state)))
            {
                open.Enqueue((text, state));
                texts.TryAdd(
                    string.Concat(patterns.Select((pattern, i) => pattern.Accepts(state[i]) ? '1' : '0')),
                    text
                );
            }
        }
    }

    /// <summary>The characters that a pattern tells from others, and one that none does.</summary>
    private static char[] Alphabet(List<PatternAutomaton> patterns)
    {
        var characters = patterns.SelectMany(pattern => pattern.Text);
        if (patterns.Any(pattern => pattern.IgnoreCase))
        {
            characters = characters.SelectMany(c => new[] { char.ToUpperInvariant(c), char.ToLowerInvariant(c) });
        }

        return [.. characters.Append(MatchedByWildcardsOnly).Distinct()];
    }
}
