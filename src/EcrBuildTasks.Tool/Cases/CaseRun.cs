using System.Runtime.InteropServices;
using System.Text;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>The number of lines per outcome.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CaseCount(int Right, int Wrong, int Malformed)
{
    public int Total => Right + Wrong + Malformed;

    public static CaseCount operator +(CaseCount left, CaseCount right) =>
        new(left.Right + right.Right, left.Wrong + right.Wrong, left.Malformed + right.Malformed);

    public static CaseCount FromOutcome(Outcome outcome) =>
        outcome switch
        {
            Outcome.Right => new(1, 0, 0),
            Outcome.Wrong => new(0, 1, 0),
            _ => new(0, 0, 1),
        };
}

/// <summary>Answers all lines of a stream, in their order and on all processors.</summary>
internal static class CaseRun
{
    private const int FewestLinesForAProcessor = 8;

    /// <exception cref="IOException">The input cannot be read or the output cannot be written.</exception>
    /// <exception cref="InvalidDataException">A line is too long for memory.</exception>
    public static CaseCount Run(Stream input, Stream output, Func<CaseReport> createReport)
    {
        var reader = new LineReader(input);
        var count = default(CaseCount);
        while (reader.Read() is { Count: > 0 } lines)
        {
            var shares = Share(lines);
            var (reports, counts) = (new CaseReport[shares.Length], new CaseCount[shares.Length]);
            Parallel.For(
                0,
                shares.Length,
                i =>
                {
                    reports[i] = createReport();
                    counts[i] = Answer(shares[i], reports[i]);
                }
            );
            for (var i = 0; i < shares.Length; i++)
            {
                output.Write(
                    Encoding.UTF8.GetBytes(UntrustedText.ToJson(Encoding.UTF8.GetString(reports[i].Written.Span)))
                );
                count += counts[i];
            }

            output.Flush();
        }

        return count;
    }

    private static CaseCount Answer(ArraySegment<Line> lines, CaseReport report)
    {
        var count = default(CaseCount);
        foreach (var line in lines)
        {
            count += CaseCount.FromOutcome(report.Add(line));
        }

        return count;
    }

    /// <summary>Several partitions per processor, so that a slow one does not delay the others.</summary>
    private static ArraySegment<Line>[] Share(IReadOnlyList<Line> lines)
    {
        var size = Math.Max(FewestLinesForAProcessor, lines.Count / (4 * Environment.ProcessorCount) + 1);
        return [.. lines.Chunk(size).Select(share => new ArraySegment<Line>(share))];
    }
}
