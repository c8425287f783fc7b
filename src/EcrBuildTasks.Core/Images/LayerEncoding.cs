namespace EcrBuildTasks.Images;

/// <summary>How a layer's tar is packed.</summary>
internal enum LayerEncoding
{
    Plain,
    Gzip,
    Zstd,
}

internal static class LayerEncodings
{
    public const int MagicLength = 4;

    /// <summary>Reads it from a layer's first bytes (RFC 1952, 2.3.1; RFC 8878, 3.1.1).</summary>
    public static LayerEncoding Detect(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0x1f, 0x8b, ..] => LayerEncoding.Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => LayerEncoding.Zstd,
            _ => LayerEncoding.Plain,
        };
}
