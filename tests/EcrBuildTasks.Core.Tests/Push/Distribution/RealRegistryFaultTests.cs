using EcrBuildTasks.Core.Tests.Push.Distribution;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.RealParts;

[assembly: AssemblyFixture(typeof(OpenRegistry))]

namespace EcrBuildTasks.Core.Tests.Push.Distribution;

/// <summary>Docker's own registry behind a line that fails once, at whatever step.</summary>
public sealed class RealRegistryFaultTests(OpenRegistry registry)
{
    public static IEnumerable<TheoryDataRow<string, string>> PassingRows =>
        FaultyStep.PassingRows.Where(row => row.Data.Item1 != "expired token");

    [Theory]
    [MemberData(nameof(PassingRows))]
    public async Task What_passes_costs_time_and_not_the_push(string kind, string step)
    {
        var real = await registry.StartedAsync();
        await using var line = await FaultProxy.StartAsync(
            real.Client.BaseAddress!,
            cancellationToken: TestContext.Current.CancellationToken
        );
        using var pusher = new RegistryPusher(PassingFaultTests.Impatient with { Attempts = 5 });
        using var image = PassingFaultTests.Image();
        var repository = Pushes.NewRepository();
        var fault = FaultyStep.Make(kind, step) with { Times = 1 };
        line.Faults.Add(fault);

        await PushAsync().WaitAsync(PassingFaultTests.Limit, TestContext.Current.CancellationToken);

        line.Faults.StrikesOf(fault).ShouldBe(1);
        (await real.IndexDigestOfAsync(repository, "1.0.0")).ShouldBe(image.Root.Digest);
        (await PushAsync()).PushedBytes.ShouldBe(0);

        Task<PushedImage> PushAsync() =>
            pusher.PushAsync(
                image,
                new()
                {
                    Source = new ImageSource.EngineImage("not looked at"),
                    RegistryHost = line.Host,
                    UsePlainHttp = true,
                    Repository = repository,
                    Tags = ["1.0.0"],
                    GetCredentials = _ => Task.FromResult(new RegistryCredentials("any", "body")),
                },
                new Recorder(),
                TestContext.Current.CancellationToken
            );
    }
}

/// <summary>One real registry that lets everybody in, started when the first test asks for it.</summary>
public sealed class OpenRegistry : IAsyncDisposable
{
    private readonly Lazy<Task<DockerRegistry?>> _registry = new(() => DockerRegistry.StartAsync());

    internal async Task<DockerRegistry> StartedAsync() =>
        (await _registry.Value).OrSkip(DockerRegistry.HowToGetOne, Assert.Skip);

    public async ValueTask DisposeAsync()
    {
        if (_registry.IsValueCreated && await _registry.Value is { } started)
        {
            await started.DisposeAsync();
        }
    }
}
