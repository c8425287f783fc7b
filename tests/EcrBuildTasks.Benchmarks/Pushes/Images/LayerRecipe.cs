namespace EcrBuildTasks.Benchmarks.Pushes.Images;

/// <summary>One file of a layer: the same recipe gives the same bytes on every machine.</summary>
/// <param name="Seed">Another seed gives another layer.</param>
/// <param name="Length">The file's bytes, before the layer is compressed.</param>
/// <param name="IsCompressible">Whether gzip makes about a half of it; random bytes stay what they are.</param>
internal sealed record LayerRecipe(int Seed, int Length, bool IsCompressible)
{
    private const int RunLength = 4096;

    public byte[] Content()
    {
        var bytes = new byte[Length];
        var random = new Random(Seed);
        random.NextBytes(bytes);
        for (var start = RunLength; IsCompressible && start < Length; start += 2 * RunLength)
        {
            bytes.AsSpan(start, Math.Min(RunLength, Length - start)).Clear();
        }

        return bytes;
    }
}
