using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary><c>docker push</c> of an image that the engine holds.</summary>
internal sealed class DockerPush : IPush
{
    private readonly BenchmarkImage _image;
    private readonly Dictionary<string, string?> _environment;

    private DockerPush(BenchmarkImage image, Dictionary<string, string?> environment)
    {
        _image = image;
        _environment = environment;
    }

    public string Name => "docker push";

    public static async Task<DockerPush> LoadAsync(DockerEngine engine, BenchmarkImage image, DirectoryInfo folder)
    {
        var push = new DockerPush(
            image,
            new(StringComparer.Ordinal)
            {
                ["DOCKER_HOST"] = engine.Endpoint.ToString(),
                ["DOCKER_CONFIG"] = folder.CreateSubdirectory("docker-config").FullName,
            }
        );
        await push.RunAsync("load", "--quiet", "--input", image.Archive);
        return push;
    }

    public async Task<TimeSpan> PushAsync(string host, string repository)
    {
        var target = $"{host}/{repository}:1";
        await RunAsync("tag", _image.EngineName, target);
        var pushed = await RunAsync("push", "--quiet", target);
        await RunAsync("rmi", "--no-prune", target);
        return pushed.Elapsed;
    }

    private async Task<CliResult> RunAsync(params string[] arguments) =>
        (await Cli.RunAsync("docker", arguments, environment: _environment)).EnsureSuccess();
}
