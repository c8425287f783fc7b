namespace EcrBuildTasks.Diagnostics;

/// <summary>What somebody may have meant by a name that does not exist.</summary>
public static class NearestName
{
    private const int MostMistakes = 3;

    /// <summary>The candidate that takes the fewest changes of letters, without regard to case.</summary>
    /// <returns><see langword="null"/> if none is near enough to have been meant.</returns>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            // Of a short name, other letters make another name.
            .Where(candidate => candidate.Distance <= Math.Min(MostMistakes, (name.Length + 1) / 2))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>The Levenshtein distance.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
