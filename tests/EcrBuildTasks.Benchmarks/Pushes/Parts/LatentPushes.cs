using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>Cold pushes to a registry that is 50 milliseconds away; our connections stand, and skopeo's cost no round trip.</summary>
internal static class LatentPushes
{
    private const int MostRoundTrips = 5;

    private static readonly TimeSpan EachWay = TimeSpan.FromMilliseconds(50);

    public static async Task ReportAsync(Workbench workbench)
    {
        var tiny = await workbench.Images.TinyAsync();
        await ReportAsync(workbench, tiny, countsRoundTrips: true);
        await ReportAsync(workbench, await workbench.Images.RealisticAsync(), countsRoundTrips: false);
    }

    private static async Task ReportAsync(Workbench workbench, BenchmarkImage image, bool countsRoundTrips)
    {
        IPush[] pushes =
        [
            OurPush.OfLayout(image),
            OurPush.OfArchive(image),
            SkopeoPush.OfLayout(image),
            SkopeoPush.OfArchive(image),
        ];
        var roundTrips = new Dictionary<IPush, int>();
        var series = await Rounds.RunAsync(
            pushes,
            workbench.Rounds,
            async push =>
            {
                var (time, count) = await PushAsync(workbench, push);
                roundTrips[push] = count;
                return time;
            }
        );
        Report.Heading(
            $"latency: '{image.Name}', {image.Length / 1e6:N2} MB, {EachWay.TotalMilliseconds:F0} ms each way, cold; our connections stand"
        );
        foreach (var one in series)
        {
            Report.Times(one, image.Length);
        }

        Report.Ratio(series[0], series[2], goal: 0.5);
        Report.Ratio(series[1], series[3], goal: 0.5);
        // The bytes of large layers take longer than round trips do, so that waiting shows only in small ones.
        for (var i = 0; countsRoundTrips && i < pushes.Length; i++)
        {
            var count = roundTrips[pushes[i]];
            Report.Figure(
                $"{pushes[i].Name}: sequential round trips",
                $"{count} (the time is {series[i].Median / (2 * EachWay.TotalSeconds):F1})",
                pushes[i] is OurPush ? $"<= {MostRoundTrips}" : null,
                count <= MostRoundTrips
            );
        }
    }

    private static async Task<(TimeSpan Time, int RoundTrips)> PushAsync(Workbench workbench, IPush push)
    {
        await using var registry = await workbench.StartRegistryAsync();
        await using var proxy = LatencyProxy.Start(new($"http://{registry.Host}"), EachWay);
        if (push is not OurPush ours)
        {
            return (await push.PushAsync(proxy.Host, "bench/latent"), proxy.Exchanges.CountRoundTrips());
        }

        using var pusher = new RegistryPusher(EnvironmentVariables.OfProcess());
        var warmUp = OurPush.OfLayout(await workbench.Images.WarmUpAsync());
        await warmUp.Through(pusher).PushAsync(proxy.Host, "bench/warm-up");
        var warm = proxy.Exchanges.Max(exchange => exchange.End ?? exchange.Start);
        var time = await ours.Through(pusher).PushAsync(proxy.Host, "bench/latent");
        return (time, proxy.Exchanges.Where(exchange => exchange.Start >= warm).CountRoundTrips());
    }
}
