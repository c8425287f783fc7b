namespace EcrBuildTasks.Images;

/// <summary>A member of an archive or a layout.</summary>
/// <param name="Name">Its name there, for messages.</param>
/// <param name="StoredAt">The file that holds its bytes: the archive itself, a file of the layout or of the workspace.</param>
/// <param name="Offset">Where they begin in that file.</param>
/// <param name="Length">In bytes.</param>
internal sealed record ImageFile(string Name, string StoredAt, long Offset, long Length)
{
    /// <summary>Set when the member was a plain layer of which only the compressed form was kept: these bytes.</summary>
    public PackedLayer? Packed { get; init; }

    public BlobContent Open() => new FileRange(StoredAt, Offset, Length);

    /// <summary>Reads at most so many bytes from the beginning.</summary>
    public async Task<byte[]> ReadAsync(int atMost, CancellationToken cancellationToken)
    {
        using var content = Open();
        var bytes = new byte[Math.Min(atMost, Length)];
        for (var position = 0; position < bytes.Length; )
        {
            position += await content.ReadAsync(bytes.AsMemory(position), position, cancellationToken);
        }

        return bytes;
    }
}
