using System.Collections.Concurrent;
using System.Diagnostics;
using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary>
/// The limit of this registry: four <c>curl -T</c> at a time PUT the blobs, big ones first, each in one request. Asking
/// for the upload locations is outside of the time, and there is no manifest.
/// </summary>
internal sealed class CurlPush(BenchmarkImage image) : IPush
{
    private const int Parallel = 4;

    public string Name => "curl -T, 4 at a time";

    public async Task<TimeSpan> PushAsync(string host, string repository)
    {
        using var client = new HttpClient { BaseAddress = new($"http://{host}/") };
        var uploads = new ConcurrentQueue<(string File, string Location)>();
        foreach (var blob in image.Blobs.OrderByDescending(blob => blob.Length))
        {
            using var answer = await client.PostAsync(
                new Uri($"v2/{repository}/blobs/uploads/", UriKind.Relative),
                null
            );
            answer.EnsureSuccessStatusCode();
            uploads.Enqueue((blob.Path, $"{answer.Headers.Location}&digest={blob.Digest}"));
        }

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => PutAsync(uploads)));
        return watch.Elapsed;
    }

    private static async Task PutAsync(ConcurrentQueue<(string File, string Location)> uploads)
    {
        while (uploads.TryDequeue(out var upload))
        {
            // Without the header for "Expect", curl waits a second for a 100 that may never come.
            (
                await Cli.RunAsync("curl", ["-sSf", "-H", "Expect:", "-T", upload.File, upload.Location])
            ).EnsureSuccess();
        }
    }
}
