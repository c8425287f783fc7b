using EcrBuildTasks.Failures;
using Microsoft.Win32.SafeHandles;

namespace EcrBuildTasks.Images;

/// <summary>A blob that stands in a file as it is to be sent: an entry of an archive, a file of an OCI layout.</summary>
internal sealed class FileRange(string path, long offset, long length) : BlobContent
{
    private readonly Lazy<SafeFileHandle> _file = new(() =>
        File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.SequentialScan)
    );

    public override long Length => length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, long from, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(buffer.Length, length - from);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            var read = await RandomAccess.ReadAsync(_file.Value, buffer[..wanted], offset + from, cancellationToken);
            return read > 0
                ? read
                : throw new PushException(EcrCode.ArchiveInvalid, $"{path} was truncated while it was being read.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PushException(
                EcrCode.ArchiveInvalid,
                $"{path} can no longer be read: {failure.Message}",
                innerException: failure
            );
        }
    }

    public override void Dispose()
    {
        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }
}
