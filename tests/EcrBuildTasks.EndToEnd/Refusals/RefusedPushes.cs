using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>One restored project and one emulator for pushes that are refused before anything is built.</summary>
[CollectionDefinition(nameof(RefusedPushes))]
public sealed class RefusedPushes(ProductFixture product) : ICollectionFixture<RefusedPushes>, IAsyncDisposable
{
    private static readonly Uri Nowhere = new("unix:///nowhere/docker.sock");

    private EcrEmulator? emulator;
    private DotnetProject? restored;

    /// <summary>The project, with the credentials of role ci again.</summary>
    internal async Task<DotnetProject> ProjectAsync()
    {
        emulator ??= await Scenario.StartAsync();
        if (restored is null)
        {
            var project = (await product.CreateProjectAsync("web")).Using(emulator);
            (await project.RunAsync("restore")).ShouldSucceed();
            restored = project;
        }

        return restored.WithEngine(Nowhere).WithAws(emulator, Scenario.Ci);
    }

    /// <summary>Another project beside it, of a user with the same AWS.</summary>
    /// <param name="template">A template of the .NET SDK.</param>
    internal async Task<DotnetProject> AnotherProjectAsync(string template)
    {
        emulator ??= await Scenario.StartAsync();
        return (await product.CreateProjectAsync(template)).WithEngine(Nowhere).WithAws(emulator, Scenario.Ci);
    }

    public async ValueTask DisposeAsync()
    {
        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }
}
