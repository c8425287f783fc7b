using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>Runs things in turns, A B C A B C, so that what slows the machine down slows all of them.</summary>
internal static class Rounds
{
    public static Task<IReadOnlyList<Series>> RunAsync(
        IReadOnlyList<IPush> pushes,
        int rounds,
        Func<IPush, Task<TimeSpan>> run
    ) => RunAsync(rounds, [.. pushes.Select(push => (push.Name, (Func<Task<TimeSpan>>)(() => run(push))))]);

    public static async Task<IReadOnlyList<Series>> RunAsync(
        int rounds,
        params IReadOnlyList<(string Name, Func<Task<TimeSpan>> Run)> runs
    ) =>
        [
            .. (await RunAsync(rounds, [.. runs.Select(run => run.Run)])).Zip(
                runs,
                (times, run) => new Series(run.Name, times)
            ),
        ];

    /// <summary>The first round does not count: code is compiled, files come into memory.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> RunAsync<T>(int rounds, IReadOnlyList<Func<Task<T>>> runs)
    {
        var results = runs.Select(_ => new List<T>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (run, ofRun) in runs.Zip(results))
            {
                var result = await run();
                if (round >= 0)
                {
                    ofRun.Add(result);
                }
            }
        }

        return results;
    }
}
