namespace EcrBuildTasks.Policies.Names;

/// <summary>Suggests names similar to a misspelled one.</summary>
public static class NearNames
{
    /// <summary>The similar candidates, closest first.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="candidates">The existing names.</param>
    /// <param name="farthest">
    /// How many letters may be missing, too many or others; capitals and small letters are the same.
    /// </param>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> candidates, int farthest) =>
        [
            .. candidates
                .Where(candidate => Math.Abs(candidate.Length - name.Length) <= farthest)
                .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
                .Where(candidate => candidate.Distance <= farthest)
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Select(candidate => candidate.Name),
        ];

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
