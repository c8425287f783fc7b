namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The difference of two texts by lines: each line with <c>-</c>, <c>+</c> or a space in front.</summary>
public static class LineDifference
{
    private const int Context = 3;
    private const string Gap = "...";

    /// <summary>The lines that differ, and a few around them.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var all = All(before, after);
        var changed = Enumerable.Range(0, all.Count).Where(index => all[index][0] is not ' ').ToList();
        var shown = new List<string>();
        var last = -1;
        for (var index = 0; index < all.Count; index++)
        {
            if (!changed.Exists(change => Math.Abs(change - index) <= Context))
            {
                continue;
            }

            if (index > last + 1)
            {
                shown.Add(Gap);
            }

            shown.Add(all[index]);
            last = index;
        }

        return shown;
    }

    private static List<string> All(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        // A policy has at most a few thousand lines: the plain table of longest common rests is fast enough.
        var common = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                common[i, j] =
                    before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        var (b, a) = (0, 0);
        while (b < before.Count || a < after.Count)
        {
            if (b < before.Count && a < after.Count && before[b] == after[a])
            {
                lines.Add($" {before[b++]}");
                a++;
            }
            else if (a == after.Count || (b < before.Count && common[b + 1, a] >= common[b, a + 1]))
            {
                lines.Add($"-{before[b++]}");
            }
            else
            {
                lines.Add($"+{after[a++]}");
            }
        }

        return lines;
    }
}
