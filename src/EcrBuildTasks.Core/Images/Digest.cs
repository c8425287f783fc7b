using System.Buffers;
using System.Security.Cryptography;

namespace EcrBuildTasks.Images;

/// <summary>Digests of the only kind that ECR knows: <c>sha256:</c> and 64 hexadecimal digits.</summary>
internal static class Digest
{
    public const string Prefix = "sha256:";
    private const int HexLength = 64;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static string Compute(ReadOnlySpan<byte> bytes) =>
        $"{Prefix}{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    public static string Compute(IncrementalHash hash) => $"{Prefix}{Convert.ToHexStringLower(hash.GetHashAndReset())}";

    public static bool IsHex(ReadOnlySpan<char> text) => text.Length == HexLength && !text.ContainsAnyExcept(Hex);

    public static bool IsDigest(string? text) =>
        text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHex(text.AsSpan(Prefix.Length));

    /// <summary>A digest's first digits, as Docker shows them.</summary>
    public static string Short(string digest) => digest[Prefix.Length..][..12];

    /// <summary>Where an OCI layout holds a blob.</summary>
    public static string FileName(string digest) => $"blobs/sha256/{digest[Prefix.Length..]}";

    /// <summary>The digest of bytes that are too many to be held.</summary>
    public static async Task<string> ComputeAsync(BlobContent content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (long position = 0; position < content.Length; )
        {
            var read = await content.ReadAsync(buffer, position, cancellationToken);
            hash.AppendData(buffer, 0, read);
            position += read;
        }

        return Compute(hash);
    }
}
