using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>A layer of 1 GB over a line that breaks, in a process of its own: what trouble costs in memory.</summary>
internal static class BrokenPushes
{
    private const long Length = 1_000_000_000;
    private const long MostMemory = 150_000_000;

    public static async Task ReportAsync(Workbench workbench)
    {
        Report.Heading($"broken: one layer of {Length / 1e9:N0} GB over a line that breaks, registry storage on disk");
        var tiny = await workbench.Images.TinyAsync();
        var large = await BenchmarkImage.WriteHugeAsync("large", workbench.Folder, Length);
        await using var registry = await workbench.StartRegistryAsync(onDisk: true);
        var pushedTiny = await HugePush.RunAsync("push", tiny.Layout, registry.Host);
        foreach (var (name, fault) in Faults())
        {
            await using var line = await FaultProxy.StartAsync(registry.Client.BaseAddress!, new FaultPlan(fault));
            var pushed = await HugePush.RunAsync("push", large.Layout, line.Host, $"bench/{Guid.NewGuid():N}");
            var more = pushed.PeakMemory - pushedTiny.PeakMemory;
            Report.Figure(
                $"{name}, {line.Faults.StrikesOf(fault)} times",
                $"{pushed.Seconds:F1} s, {more / 1e6:N0} MB over a push of 10 KB",
                $"<= {MostMemory / 1e6:N0} MB",
                more <= MostMemory
            );
        }
    }

    private static IEnumerable<(string Name, Fault Fault)> Faults()
    {
        const string Send = FaultStep.UploadBlob;
        const long Half = Length / 2;
        yield return (
            "reset in the body",
            new ResetFault(Send)
            {
                Moment = FaultMoment.DuringBody,
                AfterBytes = Half,
                Times = 4,
            }
        );
        yield return ("answer lost", new ResetFault(Send) { Moment = FaultMoment.AfterEffect, Times = 4 });
        yield return ("503 in the body", new RefusalFault(Send, 503) { Moment = FaultMoment.DuringBody, Times = 4 });
        yield return ("429 before the body", new RefusalFault(Send, 429) { Times = 4 });
        yield return (
            "stall in the body",
            new StallFault(Send)
            {
                Moment = FaultMoment.DuringBody,
                AfterBytes = Half,
                Times = 1,
            }
        );
        yield return (
            "completion lost",
            new ResetFault(FaultStep.CompleteUpload) { Moment = FaultMoment.AfterEffect, Times = 4 }
        );
    }
}
