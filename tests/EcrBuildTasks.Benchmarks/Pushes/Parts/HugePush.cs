using System.Text.Json;
using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>A layer of 10 GB, each push and each thing to compare it with in a process of its own, once.</summary>
internal static class HugePush
{
    private const long MostMemory = 150_000_000;
    private const long NeededDisk = 25_000_000_000;

    public static async Task ReportAsync(Workbench workbench)
    {
        Report.Heading(
            $"huge: one layer of {workbench.HugeLength / 1e9:N1} GB as OCI layout, once, registry storage on disk"
        );
        var free = new DriveInfo(workbench.Folder.FullName).AvailableFreeSpace;
        if (free < NeededDisk)
        {
            Report.Note(
                $"skipped: {workbench.Folder} has {free / 1e9:N0} GB free, and this needs {NeededDisk / 1e9:N0}"
            );
            return;
        }

        // The layer is a hole, and so costs no disk; reading it fills memory as any file's reading does. What the registry
        // writes does too: with less than 20 GB of memory, seconds of waiting for the disk come in, which the processor's
        // time leaves out.
        var tiny = await workbench.Images.TinyAsync();
        var huge = await BenchmarkImage.WriteHugeAsync("huge", workbench.Folder, workbench.HugeLength);
        var layer = huge.Layers[0];
        using var sink = new LoopbackSink();
        HugePushFigures pushedTiny;
        HugePushFigures pushed;
        await using (var registry = await workbench.StartRegistryAsync(onDisk: true))
        {
            pushedTiny = await RunAsync("push", tiny.Layout, registry.Host);
            pushed = await RunAsync("push", huge.Layout, registry.Host);
        }

        var hashed = await RunAsync("hash", layer.Path);
        var sent = await RunAsync("send", $"{sink.Port}", $"{layer.Length}");
        Tell("ours", pushed);
        Tell("reading the file and SHA-256 of it", hashed);
        Tell("sending as many bytes from memory to a socket", sent);
        var more = pushed.PeakMemory - pushedTiny.PeakMemory;
        Report.Figure(
            "peak memory over that of a push of 10 KB",
            $"{more / 1e6:N0} MB ({pushed.PeakMemory / 1e6:N0} - {pushedTiny.PeakMemory / 1e6:N0})",
            $"<= {MostMemory / 1e6:N0} MB",
            more <= MostMemory
        );
        var ratio = pushed.ProcessorSeconds / (hashed.ProcessorSeconds + sent.ProcessorSeconds);
        Report.Figure("processor time / (SHA-256 + sending)", $"{ratio:F2}", "<= 1.20", ratio <= 1.2);

        void Tell(string name, HugePushFigures figures) =>
            Report.Figure(
                name,
                $"{figures.Seconds:F1} s, {layer.Length / 1e6 / figures.Seconds:N0} MB/s, processor {figures.ProcessorSeconds:F1} s"
            );
    }

    /// <summary>Has a process of its own do a job of <see cref="HugePushProcess"/>.</summary>
    public static async Task<HugePushFigures> RunAsync(params string[] job)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EcrBuildTasks.Benchmarks.dll");
        var result = await Cli.RunAsync(
            "dotnet",
            ["exec", program, HugePushProcess.Command, .. job],
            timeout: TimeSpan.FromMinutes(30)
        );
        return JsonSerializer.Deserialize<HugePushFigures>(result.EnsureSuccess().Output)!;
    }
}
