namespace EcrBuildTasks.Benchmarks.Pushes.Images;

/// <summary>The images that are pushed, each written when it is first asked for.</summary>
internal sealed class BenchmarkImages(DirectoryInfo folder)
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Stored sizes of about 10 KB to 120 MB, as base image, runtime, libraries and application make them.</summary>
    private static readonly int[] RealisticKilobytes =
    [
        10,
        40,
        90,
        250,
        700,
        1_800,
        4_000,
        9_000,
        18_000,
        32_000,
        60_000,
        120_000,
    ];

    private static readonly int[] BaseMegabytes = [29, 18, 34, 11, 3];

    private readonly Dictionary<string, BenchmarkImage> _written = new(StringComparer.Ordinal);

    /// <summary>One layer of 10 KB: what a push costs beside its bytes.</summary>
    public Task<BenchmarkImage> TinyAsync() => WrittenAsync("tiny", [Random(1, 10_000)]);

    /// <summary>Four layers like that of <see cref="TinyAsync"/>, which put up as many connections as a large push does.</summary>
    public Task<BenchmarkImage> WarmUpAsync() =>
        WrittenAsync("warm-up", [.. Enumerable.Range(10, 4).Select(seed => Random(seed, 10_000))]);

    /// <summary>Four layers of 64 MiB of random data.</summary>
    public Task<BenchmarkImage> FourAsync() =>
        WrittenAsync("four", [.. Enumerable.Range(20, 4).Select(seed => Random(seed, 64 * Mebibyte))]);

    /// <summary>Twelve layers of 10 KB to 120 MB, which gzip has halved.</summary>
    public Task<BenchmarkImage> RealisticAsync() =>
        WrittenAsync(
            "realistic",
            [.. RealisticKilobytes.Select((size, i) => new LayerRecipe(40 + i, 2 * 1000 * size, IsCompressible: true))]
        );

    /// <summary>Five layers of 95 MB together, as base images of ASP.NET Core have them.</summary>
    public Task<BenchmarkImage> BaseAsync() =>
        WrittenAsync("base", [.. BaseMegabytes.Select((size, i) => Random(60 + i, size * 1_000_000))]);

    private static LayerRecipe Random(int seed, int length) => new(seed, length, IsCompressible: false);

    private async Task<BenchmarkImage> WrittenAsync(string name, LayerRecipe[] recipes) =>
        _written.TryGetValue(name, out var image)
            ? image
            : _written[name] = await BenchmarkImage.WriteAsync(name, folder, recipes);
}
