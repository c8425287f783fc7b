using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Benchmarks.Pushes.Images;

/// <summary>A blob of an image, as a file that a registry takes as it is.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Hex">The SHA-256 of its bytes.</param>
/// <param name="Length">Their number.</param>
/// <param name="DiffHex">The SHA-256 of the unpacked bytes.</param>
internal sealed record LayerBlob(string Path, string Hex, long Length, string DiffHex)
{
    public string Digest => "sha256:" + Hex;

    /// <summary>Writes a layer of one file: tar, gzipped as fast as it goes.</summary>
    public static async Task<LayerBlob> WriteAsync(LayerRecipe recipe, DirectoryInfo folder)
    {
        var temporary = System.IO.Path.Combine(folder.FullName, $"layer-{recipe.Seed}");
        string diff;
        await using (var file = File.Create(temporary))
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        {
            diff = await WriteTarAsync(recipe, gzip);
        }

        return await AdoptAsync(temporary, diff);
    }

    /// <summary>Hashes a file and names it by its digest, as an OCI layout wants it.</summary>
    public static async Task<LayerBlob> AdoptAsync(string file, string? diff = null)
    {
        string hex;
        long length;
        await using (var stream = File.OpenRead(file))
        {
            length = stream.Length;
            hex = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        }

        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, hex);
        File.Move(file, path, overwrite: true);
        return new(path, hex, length, diff ?? hex);
    }

    private static async Task<string> WriteTarAsync(LayerRecipe recipe, Stream gzip)
    {
        using var sha256 = SHA256.Create();
        await using var hashing = new CryptoStream(gzip, sha256, CryptoStreamMode.Write, leaveOpen: true);
        await using (var tar = new TarWriter(hashing, leaveOpen: true))
        {
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, $"file-{recipe.Seed}")
                {
                    DataStream = new MemoryStream(recipe.Content()),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                }
            );
        }

        await hashing.FlushFinalBlockAsync();
        return Convert.ToHexStringLower(sha256.Hash!);
    }
}
