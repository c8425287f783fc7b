using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>Cold pushes to a registry that is 50 milliseconds away.</summary>
internal static class LatentPushes
{
    private const int MostRoundTrips = 5;

    private static readonly TimeSpan EachWay = TimeSpan.FromMilliseconds(50);

    public static async Task ReportAsync(Workbench workbench)
    {
        var warmUp = await workbench.Images.WarmUpAsync();
        foreach (var image in new[] { await workbench.Images.TinyAsync(), await workbench.Images.RealisticAsync() })
        {
            var series = await Rounds.RunAsync(
                [
                    OurPush.OfLayout(image),
                    OurPush.OfArchive(image),
                    SkopeoPush.OfLayout(image),
                    SkopeoPush.OfArchive(image),
                ],
                workbench.Rounds,
                push => PushAsync(workbench, push, warmUp)
            );
            Report.Heading(
                $"latency: '{image.Name}', {image.Length / 1e6:N2} MB, {EachWay.TotalMilliseconds:F0} ms each way, cold; our connections stand"
            );
            foreach (var one in series)
            {
                Report.Times(one, image.Length);
            }

            foreach (var one in image.Layers is [_] ? series : [])
            {
                var roundTrips = one.Median / (2 * EachWay.TotalSeconds);
                var isOurs = series.Take(2).Contains(one);
                Report.Figure(
                    $"{one.Name}: sequential round trips (time / {2 * EachWay.TotalMilliseconds:F0} ms)",
                    $"{roundTrips:F1}",
                    // The whole ones count: the rest is what the registry itself needs.
                    isOurs ? $"<= {MostRoundTrips}" : null,
                    Math.Floor(roundTrips) <= MostRoundTrips
                );
            }

            Report.Ratio(series[0], series[2], goal: 0.5);
            Report.Ratio(series[1], series[3], goal: 0.5);
        }
    }

    private static async Task<TimeSpan> PushAsync(Workbench workbench, IPush push, BenchmarkImage warmUp)
    {
        await using var registry = await workbench.StartRegistryAsync();
        using var proxy = new LatencyProxy(registry.Host, EachWay);
        if (push is not OurPush ours)
        {
            return await push.PushAsync(proxy.Host, "bench/latent");
        }

        var pusher = OurPush.NewPusher();
        using var connections = pusher as IDisposable;
        await OurPush.OfLayout(warmUp).Through(pusher).PushAsync(proxy.Host, "bench/warm-up");
        return await ours.Through(pusher).PushAsync(proxy.Host, "bench/latent");
    }
}
