using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>One Docker Engine for all tests, started when the first asks for it.</summary>
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
