using System.Runtime.InteropServices;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>Cuts a stream into lines without copying them, as many at a time as have arrived.</summary>
internal sealed class LineReader(Stream stream)
{
    private const int SmallestRead = 256 * 1024;
    private const int LongestLine = 1_000_000_000;

    private byte[] buffer = new byte[4 * SmallestRead];
    private int start;
    private int end;
    private int lineNumber;
    private bool isAtEnd;

    /// <summary>
    /// The next lines that are not blank, as soon as there are any, so that a program may ask and wait for the answer.
    /// Each is valid until the next call.
    /// </summary>
    /// <returns>No lines at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">A line is too long to be held in memory.</exception>
    public IReadOnlyList<Line> Read()
    {
        var lines = new List<Line>();
        while (lines.Count == 0 && !isAtEnd)
        {
            MakeRoom();
            var searched = end;
            var count = stream.Read(buffer, end, buffer.Length - end);
            end += count;
            isAtEnd = count == 0;
            Cut(searched, lines);
        }

        return lines;
    }

    private void Cut(int searched, List<Line> lines)
    {
        while (buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n') is >= 0 and var length)
        {
            Add(lines, start, searched + length);
            start = searched += length + 1;
        }

        if (isAtEnd && start < end)
        {
            Add(lines, start, end);
            start = end;
        }
    }

    private void Add(List<Line> lines, int from, int to)
    {
        lineNumber++;
        var line = buffer.AsMemory(from, to - from);
        if (lineNumber == 1 && line.Span.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        line = line.Trim(" \t\r"u8);
        if (!line.IsEmpty)
        {
            lines.Add(new Line(lineNumber, line));
        }
    }

    private void MakeRoom()
    {
        if (buffer.Length - end >= SmallestRead)
        {
            return;
        }

        if (end - start > LongestLine)
        {
            throw new InvalidDataException($"Line {lineNumber + 1} is longer than 1 GB.");
        }

        var rest = buffer.AsSpan(start, end - start);
        var target = rest.Length > buffer.Length / 2 ? new byte[Math.Min(2L * buffer.Length, Array.MaxLength)] : buffer;
        rest.CopyTo(target);
        (buffer, start, end) = (target, 0, rest.Length);
    }
}

/// <summary>A line of a stream.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">UTF-8, without the white space around it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Line(int Number, ReadOnlyMemory<byte> Text);
