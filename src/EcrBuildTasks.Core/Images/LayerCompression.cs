using System.IO.Compression;
using System.Security.Cryptography;

namespace EcrBuildTasks.Images;

/// <summary>
/// Compresses a layer on all cores: block for block, each a gzip member of its own (RFC 1952, 2.2: members simply follow
/// each other). What is compressed already, as images and packages are, is stored as it is. The same bytes give the same
/// result, whatever the number of cores, and the memory needed is that of the blocks that are on the way.
/// </summary>
internal static class LayerCompression
{
    public const int BlockSize = 1 << 20;

    // The fastest of zlib-ng's levels that packs as well as gzip -1; the level below leaves layers a sixth larger.
    private static readonly ZLibCompressionOptions Compressed = new() { CompressionLevel = 2 };
    private const int OperatingSystemOffset = 9;
    private const byte Unix = 3;

    private static readonly ZLibCompressionOptions Stored = new() { CompressionLevel = 0 };

    /// <param name="start">The layer's first bytes, at most a block of them, if they have been read already.</param>
    /// <param name="plain">The layer, read from where it stands to its end.</param>
    /// <param name="workspace">Keeps the compressed bytes.</param>
    public static async Task<PackedLayer> RunAsync(
        ReadOnlyMemory<byte> start,
        Stream plain,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var packed = await RunAsync(start, plain, workspace.NewFile(), workspace.Require, cancellationToken);
        workspace.Keep(packed.Blob);
        return packed;
    }

    /// <summary>The same into a file.</summary>
    /// <param name="require">Told of the bytes that are written next.</param>
    public static async Task<PackedLayer> RunAsync(
        ReadOnlyMemory<byte> start,
        Stream plain,
        string storeAt,
        Action<long>? require,
        CancellationToken cancellationToken
    )
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
                var isLast = await block.FillAsync(isFirst ? start : default, plain, cancellationToken) < BlockSize;
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

        return new PackedLayer(
            new Blob(Digest.Compute(digest), new FileRange(storeAt, 0, length)),
            Digest.Compute(diffId)
        );

        async Task StoreNextAsync()
        {
            var block = await busy.Dequeue();
            digest.AppendData(block.Packed.Span);
            length += block.Packed.Length;
            require?.Invoke(block.Packed.Length);
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

        public async Task<int> FillAsync(ReadOnlyMemory<byte> start, Stream stream, CancellationToken cancellationToken)
        {
            start.CopyTo(_plain);
            var rest = _plain.AsMemory(start.Length);
            var read = await stream.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, cancellationToken);
            return _length = start.Length + read;
        }

        public Block Compress()
        {
            _packed.SetLength(0);
            var options = Entropy.IsNearlyFull(Plain.Span) ? Stored : Compressed;
            using (var gzip = new GZipStream(_packed, options, leaveOpen: true))
            {
                gzip.Write(Plain.Span);
            }

            // The header names the operating system (RFC 1952, 2.3.1), on which nothing else depends.
            _packed.GetBuffer()[OperatingSystemOffset] = Unix;
            return this;
        }

        public void Dispose() => _packed.Dispose();
    }
}
