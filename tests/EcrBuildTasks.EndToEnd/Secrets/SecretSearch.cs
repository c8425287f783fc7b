using System.IO.Compression;
using System.Text;

namespace EcrBuildTasks.EndToEnd.Secrets;

/// <summary>Looks for secrets as they are, in UTF-16, and inside base64 at whatever offset.</summary>
internal sealed class SecretSearch(IEnumerable<string> secrets)
{
    private readonly byte[][] forms = [.. secrets.SelectMany(Forms)];

    /// <returns>The places where a secret is.</returns>
    public IReadOnlyList<string> FindIn(string place, string text) => FindIn(place, Encoding.UTF8.GetBytes(text));

    public IReadOnlyList<string> FindInFolder(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .SelectMany(file => FindIn(file, File.ReadAllBytes(file))),
            ]
            : [];

    /// <summary>In all that a binary log unpacks to, the files that it embeds included.</summary>
    public IReadOnlyList<string> FindInBinaryLog(string file)
    {
        using var packed = File.OpenRead(file);
        using var unpacking = new GZipStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        unpacking.CopyTo(unpacked);
        return [.. FindIn(file, unpacked.ToArray()), .. FindInEmbeddedFiles(file)];
    }

    private IEnumerable<string> FindInEmbeddedFiles(string file)
    {
        var embedded = Microsoft.Build.Logging.StructuredLogger.BinaryLog.ReadBuild(file).SourceFilesArchive;
        embedded.ShouldNotBeNull("a binary log embeds the project");
        using var archive = new ZipArchive(new MemoryStream(embedded));
        archive.Entries.ShouldNotBeEmpty();
        foreach (var entry in archive.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            foreach (var place in FindIn($"{file}!{entry.FullName}", content.ToArray()))
            {
                yield return place;
            }
        }
    }

    private IReadOnlyList<string> FindIn(string place, byte[] content) =>
        forms.Any(form => content.AsSpan().IndexOf(form) >= 0) ? [place] : [];

    private static IEnumerable<byte[]> Forms(string secret)
    {
        yield return Encoding.UTF8.GetBytes(secret);
        yield return Encoding.Unicode.GetBytes(secret);
        for (var offset = 0; offset < 3; offset++)
        {
            // Characters that also hold bits of a neighbour are left out.
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + secret));
            var first = offset == 0 ? 0 : offset + 1;
            var whole = (offset + Encoding.UTF8.GetByteCount(secret)) / 3 * 4;
            yield return Encoding.UTF8.GetBytes(encoded[first..whole]);
        }
    }
}
