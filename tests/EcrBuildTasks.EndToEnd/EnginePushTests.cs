using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Builds beside a real Docker Engine.</summary>
public sealed class EnginePushTests(ProductFixture product, EngineFixture engine)
{
    [Theory]
    [InlineData(true, "-p:EcrPushMode=Engine", "/t:PushToEcr")]
    [InlineData(true, "/t:PublishContainer", "/t:PushToEcr")]
    [InlineData(true, "-p:PublishProfile=DefaultContainer", "/t:PushToEcr")]
    [InlineData(false, "/t:PushToEcr")]
    [InlineData(false, "-p:PublishProfile=DefaultContainer", "-p:EcrPushMode=Registry", "/t:PushToEcr")]
    [InlineData(
        false,
        "-p:PublishProfile=DefaultContainer",
        $"-p:ContainerRegistry={Scenario.RegistryHost}",
        "/t:PushToEcr"
    )]
    [InlineData(false, "/t:PublishContainer", $"-p:ContainerRegistry={Scenario.RegistryHost}", "/t:PushToEcr")]
    public async Task What_the_engine_holds_is_pushed_by_the_engine_and_all_else_directly(
        bool isByEngine,
        params string[] arguments
    )
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .WithEngine(await engine.EndpointAsync())
            .WithAws(emulator, Scenario.Ci);

        var build = (await project.RunAsync(["publish", .. arguments])).ShouldSucceed();

        using var owner = new RepositoryOwner(emulator);
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
        build.Output.Contains("Docker Engine").ShouldBe(isByEngine, build.ToString());
        emulator
            .Calls.Count(call =>
                call is { Method: "PUT" } && call.Path.EndsWith("/manifests/1.0.0", StringComparison.Ordinal)
            )
            .ShouldBe(1, build.ToString());
        emulator.Calls.ShouldNotContain(call => call.Path.EndsWith("/manifests/latest", StringComparison.Ordinal));
    }
}
