using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>A push of what the registry holds under the same tag.</summary>
internal static class UnchangedPushes
{
    private const int MostRequestsATag = 4;

    public static async Task ReportAsync(Workbench workbench)
    {
        var image = await workbench.Images.RealisticAsync();
        await using var registry = await workbench.StartRegistryAsync();
        IPush[] pushes =
        [
            OurPush.OfLayout(image),
            OurPush.OfArchive(image),
            SkopeoPush.OfLayout(image),
            SkopeoPush.OfArchive(image),
            await DockerPush.LoadAsync(await workbench.EngineAsync(), image, workbench.Folder),
        ];
        var read = pushes.ToDictionary(push => push, _ => 0L);
        var series = await Rounds.RunAsync(
            pushes,
            workbench.Rounds,
            async push =>
            {
                var before = OwnProcess.BytesRead;
                var time = await push.PushAsync(registry.Host, Repository(push));
                read[push] = OwnProcess.BytesRead - before;
                return time;
            }
        );

        Report.Heading(
            $"unchanged: the twelve layers again, {image.Length / 1e6:N0} MB, into the repository that holds them"
        );
        foreach (var one in series)
        {
            Report.Times(one, image.Length);
        }

        Report.Ratio(series[0], series[2], goal: null);
        Report.Ratio(series[1], series[3], goal: null);
        Report.Ratio(series[0], series[4], goal: null);
        foreach (var push in pushes)
        {
            await ReportRequestsAsync(registry, push, Repository(push), push is OurPush ? 1 : null);
        }

        foreach (var push in pushes.OfType<OurPush>())
        {
            // An archive's index costs a header of 512 bytes or two for each layer.
            Report.Figure(
                $"{push.Name}: bytes read",
                $"{read[push]:N0} of {image.Length:N0}",
                "no layer",
                read[push] < image.Length / 100
            );
        }

        var threeTags = OurPush.OfArchive(image, "1", "2", "3");
        await threeTags.PushAsync(registry.Host, Repository(pushes[1]));
        await ReportRequestsAsync(registry, threeTags, Repository(pushes[1]), tags: 3);

        string Repository(IPush push) => $"bench/unchanged-{Array.IndexOf(pushes, push)}";
    }

    private static async Task ReportRequestsAsync(DockerRegistry registry, IPush push, string repository, int? tags)
    {
        await using var proxy = await FaultProxy.StartAsync(new($"http://{registry.Host}"));
        await push.PushAsync(proxy.Host, repository);
        var methods = proxy.Requests.CountBy(request => request.Method).Select(one => $"{one.Value} {one.Key}");
        Report.Figure(
            $"{push.Name}: requests{(tags > 1 ? $" for {tags} tags" : "")}",
            $"{proxy.Requests.Count} ({string.Join(", ", methods)})",
            tags is null ? null : $"<= {MostRequestsATag * tags}",
            proxy.Requests.Count <= MostRequestsATag * tags
        );
    }
}
