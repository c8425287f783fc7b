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
