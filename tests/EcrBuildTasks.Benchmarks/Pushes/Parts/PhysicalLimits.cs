using System.Diagnostics;
using System.Security.Cryptography;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>How fast this machine does, on one thread, what no push can do without.</summary>
internal static class PhysicalLimits
{
    private const long Length = 1L << 30;

    public static async Task ReportAsync(Workbench workbench)
    {
        var image = await workbench.Images.FourAsync();
        using var sink = new LoopbackSink();
        Report.Heading("limits of the machine, one thread, the best of the rounds");
        Tell("SHA-256 of bytes in memory", Hash);
        Tell("write into a socket on loopback, read by another thread", () => Send(sink));
        Tell("read of a file that memory holds", () => Read(image.Archive));

        void Tell(string name, Func<long> run)
        {
            var best = 0d;
            for (var round = 0; round < workbench.Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                var bytes = run();
                best = Math.Max(best, bytes / 1e6 / watch.Elapsed.TotalSeconds);
            }

            Report.Figure(name, $"{best:N0} MB/s");
        }
    }

    private static long Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[1 << 20];
        for (long done = 0; done < Length; done += bytes.Length)
        {
            hash.AppendData(bytes);
        }

        return Length;
    }

    private static long Send(LoopbackSink sink)
    {
        LoopbackSink.Send(sink.Port, Length);
        return Length;
    }

    private static long Read(string path)
    {
        using var file = File.OpenHandle(path);
        var bytes = new byte[1 << 18];
        long position = 0;
        while (RandomAccess.Read(file, bytes, position) is > 0 and var read)
        {
            position += read;
        }

        return position;
    }
}
