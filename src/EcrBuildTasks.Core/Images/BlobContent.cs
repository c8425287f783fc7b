using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images;

/// <summary>The bytes of a blob, to be read from any offset and as often as an upload has to begin again.</summary>
internal abstract class BlobContent : IDisposable
{
    /// <summary>In bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads from an offset; may give fewer bytes than the buffer holds, and none only at the end.</summary>
    /// <exception cref="PushException">The bytes cannot be read (any more).</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <summary>A small blob, in memory.</summary>
internal sealed class MemoryContent(ReadOnlyMemory<byte> bytes) : BlobContent
{
    public override long Length => bytes.Length;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var left = bytes[(int)Math.Min(offset, bytes.Length)..];
        var count = Math.Min(buffer.Length, left.Length);
        left[..count].CopyTo(buffer);
        return ValueTask.FromResult(count);
    }

    public override void Dispose() { }
}
