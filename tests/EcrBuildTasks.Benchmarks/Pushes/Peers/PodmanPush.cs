using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary><c>podman push</c> of an image in a storage of its own.</summary>
internal sealed class PodmanPush : IPush
{
    private readonly BenchmarkImage _image;
    private readonly string[] _storage;

    private PodmanPush(BenchmarkImage image, string[] storage)
    {
        _image = image;
        _storage = storage;
    }

    public string Name => "podman push";

    public static async Task<PodmanPush> LoadAsync(BenchmarkImage image, DirectoryInfo folder)
    {
        var storage = folder.CreateSubdirectory("podman").FullName;
        var push = new PodmanPush(
            image,
            [
                "--root",
                Path.Combine(storage, "root"),
                "--runroot",
                Path.Combine(storage, "run"),
                "--tmpdir",
                Path.Combine(storage, "tmp"),
                "--storage-driver=vfs",
                "--events-backend=none",
                "--cgroup-manager=cgroupfs",
            ]
        );
        await push.RunAsync("load", "--quiet", "--input", image.Archive);
        return push;
    }

    public async Task<TimeSpan> PushAsync(string host, string repository) =>
        (
            await RunAsync(
                "push",
                "--quiet",
                "--tls-verify=false",
                _image.EngineName,
                $"docker://{host}/{repository}:1"
            )
        ).Elapsed;

    private async Task<CliResult> RunAsync(params string[] arguments) =>
        (await Cli.RunAsync("podman", [.. _storage, .. arguments])).EnsureSuccess();
}
