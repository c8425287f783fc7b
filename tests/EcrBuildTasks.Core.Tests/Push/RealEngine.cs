using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

[assembly: AssemblyFixture(typeof(RealEngine))]

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>One engine and two registries, one of them with an account, for all tests of this process.</summary>
public sealed class RealEngine : IAsyncLifetime
{
    /// <summary>The collection of tests that compare what the engine holds before and after.</summary>
    public const string OneAtATime = "The engine's images";

    public const string Username = "AWS";
    public const string Password = "a-token-that-must-never-be-seen";

    private readonly Lazy<Task<DockerEngine?>> _engine = new(() => DockerEngine.FindOrStartAsync());
    private readonly Lazy<Task<DockerRegistry?>> _registry = new(() => DockerRegistry.StartAsync());
    private readonly Lazy<Task<DockerRegistry?>> _guarded = new(() => DockerRegistry.StartAsync(Username, Password));

    public async Task<DockerEngine> EngineAsync() => (await _engine.Value).OrSkip(DockerEngine.Name);

    public async Task<DockerRegistry> RegistryAsync() => (await _registry.Value).OrSkip(DockerRegistry.Name);

    public async Task<DockerRegistry> GuardedRegistryAsync() => (await _guarded.Value).OrSkip(DockerRegistry.Name);

    internal async Task<DockerEnginePusher> OpenAsync() =>
        await DockerEnginePusher.OpenAsync(
            new((await EngineAsync()).Endpoint.ToString(), EnvironmentVariables.None),
            TestContext.Current.CancellationToken
        );

    /// <summary>The engine as others see it.</summary>
    public async Task<DockerClient> ClientAsync() =>
        new DockerClientBuilder().WithEndpoint((await EngineAsync()).Endpoint).Build();

    /// <summary>All names of images in the engine, with the image that each stands for.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        using var client = await ClientAsync();
        var images = await client.Images.ListImagesAsync(
            new ImagesListParameters(),
            TestContext.Current.CancellationToken
        );
        return
        [
            .. images
                .SelectMany(image => (image.RepoTags ?? []).DefaultIfEmpty("").Select(name => $"{name} {image.ID}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_engine);
        await StopAsync(_registry);
        await StopAsync(_guarded);
    }

    private static async Task StopAsync<T>(Lazy<Task<T?>> part)
        where T : class, IAsyncDisposable
    {
        if (part.IsValueCreated && await part.Value is { } started)
        {
            await started.DisposeAsync();
        }
    }
}
