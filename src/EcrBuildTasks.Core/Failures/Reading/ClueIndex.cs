using System.Buffers;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Finds the rules of which a clue stands in a text, all clues at once.</summary>
internal sealed class ClueIndex(IReadOnlyList<FailureRule> rules)
{
    private readonly SearchValues<string> _clues = SearchValues.Create(
        [.. rules.SelectMany(rule => rule.Clues)],
        StringComparison.OrdinalIgnoreCase
    );

    private readonly ILookup<char, (string Clue, int Rule)> _byInitial = rules
        .SelectMany((rule, index) => rule.Clues.Select(clue => (Clue: clue, Rule: index)))
        .ToLookup(entry => char.ToLowerInvariant(entry.Clue[0]));

    /// <summary>The rules, in their own order.</summary>
    public IEnumerable<FailureRule> In(string text)
    {
        var found = new SortedSet<int>();
        for (var at = 0; text.AsSpan(at).IndexOfAny(_clues) is >= 0 and var next; at++)
        {
            at += next;
            foreach (var (clue, rule) in _byInitial[char.ToLowerInvariant(text[at])])
            {
                if (string.Compare(text, at, clue, 0, clue.Length, StringComparison.OrdinalIgnoreCase) == 0)
                {
                    found.Add(rule);
                }
            }
        }

        return found.Select(index => rules[index]);
    }
}
