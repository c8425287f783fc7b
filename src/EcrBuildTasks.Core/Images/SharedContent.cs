namespace EcrBuildTasks.Images;

/// <summary>
/// A blob that several uploads read side by side: what one of them has read, the others get from memory, as long as they
/// keep within a few megabytes of each other.
/// </summary>
internal sealed class SharedContent(BlobContent content) : BlobContent
{
    private const int ChunkSize = 1 << 20;
    private const int ChunksHeld = 8;

    private readonly Lock _turn = new();
    private readonly LinkedList<(long Index, Task<byte[]> Bytes)> _chunks = [];

    public override long Length => content.Length;

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        long offset,
        CancellationToken cancellationToken
    )
    {
        if (offset >= Length)
        {
            return 0;
        }

        var bytes = await ChunkAsync(offset / ChunkSize).WaitAsync(cancellationToken);
        var start = (int)(offset % ChunkSize);
        var count = Math.Min(buffer.Length, bytes.Length - start);
        bytes.AsSpan(start, count).CopyTo(buffer.Span);
        return count;
    }

    public override void Dispose() => content.Dispose();

    private Task<byte[]> ChunkAsync(long index)
    {
        lock (_turn)
        {
            foreach (var chunk in _chunks)
            {
                if (chunk.Index == index && !chunk.Bytes.IsFaulted)
                {
                    return chunk.Bytes;
                }
            }

            var bytes = ReadChunkAsync(index);
            _chunks.AddLast((index, bytes));
            if (_chunks.Count > ChunksHeld)
            {
                _chunks.RemoveFirst();
            }

            return bytes;
        }
    }

    /// <summary>Not cancelled with the upload that came first: others wait for the same bytes.</summary>
    private async Task<byte[]> ReadChunkAsync(long index)
    {
        await Task.Yield();
        var offset = index * ChunkSize;
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(ChunkSize, Length - offset));
        for (var filled = 0; filled < bytes.Length; )
        {
            filled += await content.ReadAsync(bytes.AsMemory(filled), offset + filled, CancellationToken.None);
        }

        return bytes;
    }
}
