using System.Globalization;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>What the kernel has counted for this process (Linux).</summary>
internal static class OwnProcess
{
    /// <summary>The bytes that calls of <c>read</c> and its like have returned, from files as from memory's cache of them.</summary>
    public static long BytesRead => Figure("/proc/self/io", "rchar:");

    /// <summary>The most memory that it ever had, in bytes.</summary>
    public static long PeakMemory => Figure("/proc/self/status", "VmHWM:") * 1024;

    /// <summary>User and system time.</summary>
    public static TimeSpan Processor => Environment.CpuUsage.TotalTime;

    private static long Figure(string file, string name) =>
        long.Parse(
            File.ReadLines(file)
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
}
