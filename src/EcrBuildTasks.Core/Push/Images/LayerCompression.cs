using System.IO.Compression;
using System.Security.Cryptography;

namespace EcrBuildTasks.Push.Images;

/// <summary>
/// Compresses a layer on all cores: block for block, each a gzip member of its own (RFC 1952, 2.2: members simply follow
/// each other). The same bytes give the same result, whatever the number of cores, and the memory needed is that of
/// the blocks that are on the way.
/// </summary>
internal static class LayerCompression
{
    public const int BlockSize = 1 << 20;

    // Of zlib-ng's levels the fastest that is not far from the size which Docker's level gives.
    private static readonly ZLibCompressionOptions Options = new() { CompressionLevel = 3 };

    /// <param name="plain">The layer, read from where it stands to its end.</param>
    /// <param name="storeAt">The file to write.</param>
    /// <param name="cancellationToken">Stops the compression.</param>
    public static async Task<PackedLayer> RunAsync(Stream plain, string storeAt, CancellationToken cancellationToken)
    {
        using var diffId = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var idle = new Stack<Block>(Enumerable.Range(0, Environment.ProcessorCount + 1).Select(_ => new Block()));
        var busy = new Queue<Task<Block>>();
        long length = 0;
        await using var target = new FileStream(
            storeAt,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            }
        );
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                if (idle.Count == 0)
                {
                    await StoreNextAsync();
                }

                var block = idle.Pop();
                var isLast = await block.FillAsync(plain, cancellationToken) < BlockSize;
                diffId.AppendData(block.Plain.Span);
                if (block.Plain.Length > 0 || isFirst)
                {
                    busy.Enqueue(Task.Run(block.Compress, cancellationToken));
                }

                if (isLast)
                {
                    break;
                }
            }

            while (busy.Count > 0)
            {
                await StoreNextAsync();
            }
        }
        finally
        {
            // No block is written to any more when this returns.
            await ((Task)Task.WhenAll(busy)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new PackedLayer(storeAt, Digest.Of(digest), length, Digest.Of(diffId));

        async Task StoreNextAsync()
        {
            var block = await busy.Dequeue();
            digest.AppendData(block.Packed.Span);
            length += block.Packed.Length;
            await target.WriteAsync(block.Packed, cancellationToken);
            idle.Push(block);
        }
    }

    private sealed class Block : IDisposable
    {
        private readonly byte[] _plain = new byte[BlockSize];
        private readonly MemoryStream _packed = new(BlockSize + (BlockSize >> 4));
        private int _length;

        public ReadOnlyMemory<byte> Plain => _plain.AsMemory(0, _length);

        public ReadOnlyMemory<byte> Packed => _packed.GetBuffer().AsMemory(0, (int)_packed.Length);

        public async Task<int> FillAsync(Stream stream, CancellationToken cancellationToken) =>
            _length = await stream.ReadAtLeastAsync(_plain, BlockSize, throwOnEndOfStream: false, cancellationToken);

        public Block Compress()
        {
            _packed.SetLength(0);
            using (var gzip = new GZipStream(_packed, Options, leaveOpen: true))
            {
                gzip.Write(Plain.Span);
            }

            return this;
        }

        public void Dispose() => _packed.Dispose();
    }
}
