using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>Cold pushes to a registry that is 50 milliseconds away; our connections stand, and skopeo's cost no round trip.</summary>
internal static class LatentPushes
{
    private const int MostRoundTrips = 5;

    private static readonly TimeSpan EachWay = TimeSpan.FromMilliseconds(50);

    public static async Task ReportAsync(Workbench workbench)
    {
        var tiny = await workbench.Images.TinyAsync();
        var near = await RunAsync(workbench, tiny, TimeSpan.Zero);
        var far = await RunAsync(workbench, tiny, EachWay);
        ReportTimes(tiny, far);
        for (var i = 0; i < far.Count; i++)
        {
            ReportRoundTrips(far[i], near[i], isOurs: i < 2);
        }

        var realistic = await workbench.Images.RealisticAsync();
        ReportTimes(realistic, await RunAsync(workbench, realistic, EachWay));
    }

    private static Task<IReadOnlyList<Series>> RunAsync(Workbench workbench, BenchmarkImage image, TimeSpan eachWay) =>
        Rounds.RunAsync(
            [
                OurPush.OfLayout(image),
                OurPush.OfArchive(image),
                SkopeoPush.OfLayout(image),
                SkopeoPush.OfArchive(image),
            ],
            workbench.Rounds,
            push => PushAsync(workbench, push, eachWay)
        );

    private static async Task<TimeSpan> PushAsync(Workbench workbench, IPush push, TimeSpan eachWay)
    {
        await using var registry = await workbench.StartRegistryAsync();
        using var proxy = new LatencyProxy(registry.Host, eachWay);
        if (push is not OurPush ours)
        {
            return await push.PushAsync(proxy.Host, "bench/latent");
        }

        var pusher = OurPush.NewPusher();
        using var connections = pusher as IDisposable;
        var warmUp = OurPush.OfLayout(await workbench.Images.WarmUpAsync());
        await warmUp.Through(pusher).PushAsync(proxy.Host, "bench/warm-up");
        return await ours.Through(pusher).PushAsync(proxy.Host, "bench/latent");
    }

    private static void ReportTimes(BenchmarkImage image, IReadOnlyList<Series> series)
    {
        Report.Heading(
            $"latency: '{image.Name}', {image.Length / 1e6:N2} MB, {EachWay.TotalMilliseconds:F0} ms each way, cold; our connections stand"
        );
        foreach (var one in series)
        {
            Report.Times(one, image.Length);
        }

        Report.Ratio(series[0], series[2], goal: 0.5);
        Report.Ratio(series[1], series[3], goal: 0.5);
    }

    private static void ReportRoundTrips(Series far, Series near, bool isOurs)
    {
        var roundTrip = 2 * EachWay.TotalSeconds;
        var count = Math.Round((far.Median - near.Median) / roundTrip);
        Report.Figure(
            $"{far.Name}: sequential round trips",
            $"{count} ({far.Median / roundTrip:F1} with the registry's own {near.Median:F3} s)",
            isOurs ? $"<= {MostRoundTrips}" : null,
            count <= MostRoundTrips
        );
    }
}
