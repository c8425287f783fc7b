using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>One job in a process of its own, which tells what it cost.</summary>
internal static class HugePushProcess
{
    public const string Command = "huge-push-process";

    public static async Task RunAsync(string[] job)
    {
        var (watch, processor) = (Stopwatch.StartNew(), OwnProcess.Processor);
        switch (job)
        {
            case ["push", var layout, var host]:
                await OurPush.OfLayout(layout).PushAsync(host, "bench/huge");
                break;
            case ["push", var layout, var host, var repository]:
                await OurPush.OfLayout(layout).PushAsync(host, repository);
                break;
            case ["hash", var file]:
                Hash(file);
                break;
            case ["send", var port, var length]:
                LoopbackSink.Send(int.Parse(port), long.Parse(length));
                break;
            default:
                throw new InvalidOperationException($"There is no job '{string.Join(' ', job)}'.");
        }

        var used = OwnProcess.Processor - processor;
        Console.WriteLine(
            JsonSerializer.Serialize(
                new HugePushFigures(watch.Elapsed.TotalSeconds, used.TotalSeconds, OwnProcess.PeakMemory)
            )
        );
    }

    private static void Hash(string path)
    {
        using var file = File.OpenHandle(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[1 << 18];
        long position = 0;
        while (RandomAccess.Read(file, bytes, position) is > 0 and var read)
        {
            hash.AppendData(bytes.AsSpan(0, read));
            position += read;
        }
    }
}

/// <summary>What a job cost.</summary>
internal sealed record HugePushFigures(double Seconds, double ProcessorSeconds, long PeakMemory);
