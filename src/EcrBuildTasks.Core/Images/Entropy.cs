namespace EcrBuildTasks.Images;

/// <summary>Shannon's entropy: the bits of information per byte, with each byte considered independently.</summary>
internal static class Entropy
{
    private const int SampleLength = 4096;
    private const int SampleEvery = 8 * SampleLength;

    // What gzip, zip, PNG and JPEG have packed lies above this, machine code and text far below.
    private const double NearlyFull = 7.9;

    /// <summary>Whether compressing the bytes would gain next to nothing, judged by samples of them.</summary>
    public static bool IsNearlyFull(ReadOnlySpan<byte> bytes)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        var total = 0;
        for (var start = 0; start < bytes.Length; start += SampleEvery)
        {
            var sample = bytes[start..Math.Min(start + SampleLength, bytes.Length)];
            foreach (var value in sample)
            {
                counts[value]++;
            }

            total += sample.Length;
        }

        // A few bytes cannot show all values, whatever they are of.
        return total >= SampleLength && Compute(counts, total) > NearlyFull;
    }

    private static double Compute(ReadOnlySpan<int> counts, int total)
    {
        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / total;
                bits -= share * Math.Log2(share);
            }
        }

        return bits;
    }
}
