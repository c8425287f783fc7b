using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>One real Docker Engine for all tests, found or started when the first asks for it.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly Lazy<Task<DockerEngine?>> engine = new(() => DockerEngine.FindOrStartAsync());

    public async Task<Uri> EndpointAsync() => (await engine.Value).OrSkip(DockerEngine.Name).Endpoint;

    public async ValueTask DisposeAsync()
    {
        if (engine.IsValueCreated && await engine.Value is { } running)
        {
            await running.DisposeAsync();
        }
    }
}
