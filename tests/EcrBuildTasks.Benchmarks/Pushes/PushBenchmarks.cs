using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Parts;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Benchmarks.Pushes;

/// <summary>
/// The push in Registry mode beside the clients that people use, into Docker's own registry. Needs Linux, root, and from
/// Debian or Ubuntu: docker-registry, skopeo, podman, docker.io, curl.
/// <code>
/// dotnet run --project tests/EcrBuildTasks.Benchmarks -c Release -- pushes [PART…] [--rounds 5] [--storage FOLDER] [--huge-bytes N]
/// </code>
/// Without a part all of them run, which takes about a quarter of an hour. <c>--storage /dev/shm</c> takes the disk out of
/// the registry's work; the huge layer's registry stays on disk.
/// </summary>
internal static class PushBenchmarks
{
    private static readonly (string Name, Func<Workbench, Task> RunAsync)[] Parts =
    [
        ("limits", PhysicalLimits.ReportAsync),
        ("cold", ColdPushes.ReportAsync),
        ("engine", EnginePushes.ReportAsync),
        ("unchanged", UnchangedPushes.ReportAsync),
        ("latency", LatentPushes.ReportAsync),
        ("huge", HugePush.ReportAsync),
        ("broken", BrokenPushes.ReportAsync),
    ];

    public static async Task ReportAsync(string[] arguments)
    {
        var options = PushOptions.Parse(arguments);
        if (
            options.Parts.Except(Parts.Select(part => part.Name), StringComparer.Ordinal).FirstOrDefault() is
            { } unknown
        )
        {
            throw new InvalidOperationException(
                $"There is no part '{unknown}'; there are {string.Join(", ", Parts.Select(part => part.Name))}."
            );
        }

        await using var workbench = new Workbench(options);
        Report.Heading(
            $"{Environment.ProcessorCount} processors, {options.Rounds} rounds in turns, registry storage in {options.Storage ?? Path.GetTempPath()}"
        );
        foreach (var part in Parts.Where(part => options.Parts.Count == 0 || options.Parts.Contains(part.Name)))
        {
            try
            {
                await part.RunAsync(workbench);
            }
            catch (PushException failure)
            {
                // The other parts' figures are worth having all the same.
                Report.Figure($"the part '{part.Name}'", failure.Message, "a push", met: false);
            }
        }
    }
}
