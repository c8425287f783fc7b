using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>A push into an empty registry.</summary>
internal static class ColdPushes
{
    public static async Task ReportAsync(Workbench workbench)
    {
        var startUp = await Cli.RunAsync("skopeo", ["--version"]);
        Report.Heading("cold: into an empty registry, each push into a new one");
        Report.Note("ours: in this process; skopeo, docker, podman: the whole process, as users see it");
        Report.Note("curl: only the PUTs, POSTs before the clock, no manifest");
        Report.Figure("skopeo --version", $"{startUp.Elapsed.TotalMilliseconds:F0} ms");
        await ReportAsync(workbench, await workbench.Images.FourAsync(), "four layers of 64 MiB, random");
        await ReportAsync(
            workbench,
            await workbench.Images.RealisticAsync(),
            "twelve layers of 10 KB to 120 MB, halved by gzip"
        );
    }

    private static async Task ReportAsync(Workbench workbench, BenchmarkImage image, string description)
    {
        var docker = await DockerPush.LoadAsync(await workbench.EngineAsync(), image, workbench.Folder);
        var podman = await PodmanPush.LoadAsync(image, workbench.Folder);
        var series = await workbench.PushColdInTurnsAsync(
            OurPush.OfLayout(image),
            OurPush.OfArchive(image),
            SkopeoPush.OfLayout(image),
            SkopeoPush.OfArchive(image),
            docker,
            podman,
            new CurlPush(image)
        );
        Report.Heading($"cold, {description}: {image.Length / 1e6:N0} MB");
        foreach (var one in series)
        {
            Report.Times(one, image.Length);
        }

        foreach (var (ours, skopeo) in new[] { (series[0], series[2]), (series[1], series[3]) })
        {
            Report.Ratio(ours, skopeo, goal: 0.6);
            Report.Ratio(ours, series[4], goal: 0.25);
            Report.Ratio(ours, series[5], goal: null);
            Report.Ratio(ours, series[6], goal: 1.05);
        }
    }
}
