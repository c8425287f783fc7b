using System.Diagnostics;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary>The push in Registry mode, in this process.</summary>
internal sealed class OurPush(string name, ImageSource source) : IPush
{
    public string Name => name;

    /// <summary>The pusher that all pushes go through; else each has a new one, and with it new connections.</summary>
    private RegistryPusher? Standing { get; init; }

    /// <summary>The engine that holds the image.</summary>
    private DockerEngine? Engine { get; init; }

    private IReadOnlyList<string> Tags { get; init; } = ["1"];

    public static OurPush OfLayout(BenchmarkImage image) => OfLayout(image.Layout);

    public static OurPush OfLayout(string folder) => new("ours, OCI layout", new ImageSource.OciLayout(folder));

    public static OurPush OfArchive(BenchmarkImage image, params IReadOnlyList<string> tags) =>
        new("ours, SDK archive", new ImageSource.Archive(image.Archive)) { Tags = tags is [] ? ["1"] : tags };

    public static OurPush OfEngine(DockerEngine engine, BenchmarkImage image) =>
        new("ours, held by the engine", new ImageSource.EngineImage(image.EngineName)) { Engine = engine };

    /// <summary>The same push through a pusher whose connections may stand.</summary>
    public OurPush Through(RegistryPusher pusher) => new(name, source) { Tags = Tags, Standing = pusher };

    public async Task<TimeSpan> PushAsync(string host, string repository)
    {
        var watch = Stopwatch.StartNew();
        var pusher = Standing ?? new RegistryPusher(EnvironmentVariables.OfProcess(), Engine?.Endpoint.ToString());
        try
        {
            await pusher.PushAsync(
                new()
                {
                    Source = source,
                    RegistryHost = host,
                    UsePlainHttp = true,
                    Repository = repository,
                    Tags = Tags,
                    GetCredentials = _ => Task.FromResult(new RegistryCredentials(host, "bench", "bench")),
                },
                NoProgress.Instance,
                CancellationToken.None
            );
            return watch.Elapsed;
        }
        finally
        {
            if (Standing is null)
            {
                pusher.Dispose();
            }
        }
    }

    private sealed class NoProgress : IProgress<PushProgress>
    {
        public static NoProgress Instance { get; } = new();

        public void Report(PushProgress value) { }
    }
}
