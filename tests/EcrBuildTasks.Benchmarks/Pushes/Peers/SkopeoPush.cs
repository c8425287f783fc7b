using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary><c>skopeo copy</c>, the whole process.</summary>
internal sealed class SkopeoPush : IPush
{
    private readonly string _source;

    private SkopeoPush(string name, string source)
    {
        Name = name;
        _source = source;
    }

    public string Name { get; }

    public static SkopeoPush OfLayout(BenchmarkImage image) => new("skopeo, OCI layout", $"oci:{image.Layout}");

    public static SkopeoPush OfArchive(BenchmarkImage image) =>
        new("skopeo, SDK archive", $"docker-archive:{image.Archive}");

    public async Task<TimeSpan> PushAsync(string host, string repository) =>
        (
            await Cli.RunAsync(
                "skopeo",
                ["copy", "--quiet", "--dest-tls-verify=false", _source, $"docker://{host}/{repository}:1"]
            )
        )
            .EnsureSuccess()
            .Elapsed;
}
