using System.Security.Cryptography;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>A layer that is being uploaded, part by part, into a file.</summary>
internal sealed class LayerUpload(string id, Repository repository, string path, bool keepsBrokenParts) : IDisposable
{
    public const int MinimumPartSize = 5 * 1024 * 1024;
    private const int MaximumParts = 4200;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<long> _partSizes = [];
    private IncrementalHash? _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Id { get; } = id;

    public Repository Repository { get; } = repository;

    public string Path { get; } = path;

    public long Size { get; private set; }

    public bool HasParts => _partSizes.Count > 0;

    /// <summary>
    /// The last byte that the <c>Range</c> header tells of: in ECR it never gets past the first part, but a registry that keeps broken
    /// parts tells how much it has.
    /// </summary>
    public long LastByteTold =>
        !HasParts ? 0
        : keepsBrokenParts ? Size - 1
        : _partSizes[0] - 1;

    public bool HasTooSmallPart => _partSizes.SkipLast(1).Any(size => size < MinimumPartSize);

    /// <summary>Appends what the stream has; one that breaks leaves the upload as it was, or what it had where that is kept.</summary>
    /// <param name="part">The part's bytes.</param>
    /// <param name="firstByte">The offset of the part according to the client; <see langword="null"/> if not given.</param>
    /// <param name="cancellation">Ends the wait for the client.</param>
    public async Task AppendAsync(Stream part, long? firstByte, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (firstByte is { } first && first != Size)
            {
                throw OutOfOrder(first);
            }

            if (_partSizes.Count == MaximumParts)
            {
                throw new EcrException("LimitExceededException", "The layer has the maximum number of parts: 4200");
            }

            await using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1);
            file.Seek(Size, SeekOrigin.Begin);
            try
            {
                await CopyAsync(part, file, cancellation);
            }
            catch
            {
                if (keepsBrokenParts)
                {
                    AddPart(file.Position);
                }

                file.SetLength(Size);
                _hash?.Dispose();
                _hash = null;
                throw;
            }

            AddPart(file.Position);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<string> ComputeDigestAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_hash is not null)
            {
                return "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());
            }

            await using var file = File.OpenRead(Path);
            return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _hash?.Dispose();
        _turn.Dispose();
        File.Delete(Path);
    }

    private void AddPart(long end)
    {
        if (end > Size)
        {
            _partSizes.Add(end - Size);
            Size = end;
        }
    }

    private async Task CopyAsync(Stream source, FileStream target, CancellationToken cancellation)
    {
        var buffer = new byte[128 * 1024];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            _hash?.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    private EcrException OutOfOrder(long firstByte) =>
        new(
            "InvalidLayerPartException",
            $"The layer part must start at byte {Size}, not at byte {firstByte}: parts must be consecutive"
        )
        {
            Details =
            {
                ["registryId"] = Repository.Account,
                ["repositoryName"] = Repository.Name,
                ["uploadId"] = Id,
                ["lastValidByteReceived"] = Math.Max(0, Size - 1),
            },
        };
}
