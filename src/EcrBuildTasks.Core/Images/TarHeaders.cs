namespace EcrBuildTasks.Images;

/// <summary>A tar for a reader that keeps headers in memory: it refuses those that would fill it.</summary>
internal sealed class TarHeaders(Stream tar) : Stream
{
    private const int BlockSize = 512;
    private const long LargestExtension = 1 << 20;
    private const long MostBytes = 128 << 20;

    private long _bytes;

    /// <summary>Whether the bytes of a member are read, not headers.</summary>
    public bool IsInMember { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => tar.CanSeek;

    public override bool CanWrite => false;

    public override long Length => tar.Length;

    public override long Position
    {
        get => tar.Position;
        set => tar.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // A connection may deliver a header in parts.
        var read = buffer.Length == BlockSize ? tar.ReadAtLeast(buffer, BlockSize, false) : tar.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read =
            buffer.Length == BlockSize
                ? await tar.ReadAtLeastAsync(buffer, BlockSize, false, cancellationToken)
                : await tar.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..read]);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => tar.Seek(offset, origin);

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Check(ReadOnlySpan<byte> block)
    {
        if (IsInMember)
        {
            return;
        }

        _bytes += block.Length;
        if (_bytes > MostBytes)
        {
            throw new InvalidDataException($"its headers are larger than {MostBytes >> 20} MiB");
        }

        if (block.Length == BlockSize && IsExtension(block) && Size(block) > LargestExtension)
        {
            throw new InvalidDataException($"one of its headers is larger than {LargestExtension >> 20} MiB");
        }
    }

    /// <summary>Whether the header announces a long name or attributes, which a reader loads into memory.</summary>
    private static bool IsExtension(ReadOnlySpan<byte> header) =>
        header[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';

    private static long Size(ReadOnlySpan<byte> header)
    {
        var field = header[124..136];
        if ((field[0] & 0x80) != 0)
        {
            return long.MaxValue;
        }

        long size = 0;
        foreach (var digit in field)
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
            {
                size = size * 8 + (digit - '0');
            }
        }

        return size;
    }
}
