using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>Runs pushes in turns, A B C A B C, so that what slows the machine down slows all of them.</summary>
internal static class Rounds
{
    /// <summary>The first round does not count: code is compiled, files come into memory.</summary>
    public static async Task<IReadOnlyList<Series>> RunAsync(
        IReadOnlyList<IPush> pushes,
        int rounds,
        Func<IPush, Task<TimeSpan>> run
    )
    {
        var times = pushes.ToDictionary(push => push, _ => new List<TimeSpan>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var push in pushes)
            {
                var time = await run(push);
                if (round >= 0)
                {
                    times[push].Add(time);
                }
            }
        }

        return [.. pushes.Select(push => new Series(push.Name, times[push]))];
    }
}
