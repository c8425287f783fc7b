using System.Runtime.InteropServices;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>Cuts a stream into lines without copying them, as many at a time as have arrived.</summary>
internal sealed class LineReader(Stream stream)
{
    private const int SmallestRead = 256 * 1024;
    private const int LongestLine = 1_000_000_000;

    private byte[] _buffer = new byte[4 * SmallestRead];
    private int _start;
    private int _end;
    private int _lineNumber;
    private bool _isAtEnd;

    /// <summary>
    /// The next lines that are not blank, as soon as they arrive, so that a program can send a line and wait for the answer.
    /// Each is valid until the next call.
    /// </summary>
    /// <returns>No lines at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">A line is too long for memory.</exception>
    public IReadOnlyList<Line> Read()
    {
        var lines = new List<Line>();
        while (lines.Count == 0 && !_isAtEnd)
        {
            MakeRoom();
            var searched = _end;
            var count = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _isAtEnd = count == 0;
            Cut(searched, lines);
        }

        return lines;
    }

    private void Cut(int searched, List<Line> lines)
    {
        while (_buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n') is >= 0 and var length)
        {
            Add(lines, _start, searched + length);
            _start = searched += length + 1;
        }

        if (_isAtEnd && _start < _end)
        {
            Add(lines, _start, _end);
            _start = _end;
        }
    }

    private void Add(List<Line> lines, int from, int to)
    {
        _lineNumber++;
        var line = _buffer.AsMemory(from, to - from);
        if (_lineNumber == 1 && line.Span.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        line = line.Trim(" \t\r"u8);
        if (!line.IsEmpty)
        {
            lines.Add(new Line(_lineNumber, line));
        }
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _end >= SmallestRead)
        {
            return;
        }

        if (_end - _start > LongestLine)
        {
            throw new InvalidDataException($"Line {_lineNumber + 1} is longer than 1 GB.");
        }

        var rest = _buffer.AsSpan(_start, _end - _start);
        var target =
            rest.Length > _buffer.Length / 2 ? new byte[Math.Min(2L * _buffer.Length, Array.MaxLength)] : _buffer;
        rest.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, rest.Length);
    }
}

/// <summary>A line of a stream.</summary>
/// <param name="Number">The number of the line, from 1.</param>
/// <param name="Text">UTF-8, without the white space around it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Line(int Number, ReadOnlyMemory<byte> Text);
