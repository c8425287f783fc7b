using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push;

[Collection(RealEngine.OneAtATime)]
public sealed class PushRouteTests(RealEngine engine)
{
    private const string Nowhere = "unix:///nowhere/docker.sock";

    [Fact]
    public async Task What_an_engine_holds_is_pushed_by_the_engine_and_an_archive_where_it_is_chosen()
    {
        using var archive = TestArchive.Create();

        using var held = await OpenAsync(PushMode.Auto, await AnsweringAsync(), new ImageSource.EngineImage("hello:1"));
        using var chosen = await OpenAsync(PushMode.Engine, await AnsweringAsync(), archive.Source());

        held.Pusher.ShouldBeOfType<DockerEnginePusher>();
        chosen.Pusher.ShouldBeOfType<DockerEnginePusher>();
    }

    [Fact]
    public async Task An_archive_and_a_layout_are_pushed_directly_and_so_is_what_an_engine_holds_where_that_is_chosen()
    {
        using var archive = TestArchive.Create();
        ImageSource[] outputs = [archive.Source(), new ImageSource.OciLayout("layout")];

        foreach (var output in outputs)
        {
            using var route = await OpenAsync(PushMode.Auto, Nowhere, output);
            route.Pusher.ShouldBeOfType<RegistryPusher>();
        }

        using var chosen = await OpenAsync(PushMode.Registry, Nowhere, new ImageSource.EngineImage("hello:1"));
        chosen.Pusher.ShouldBeOfType<RegistryPusher>();
    }

    [Fact]
    public async Task What_only_an_engine_holds_cannot_do_without_it()
    {
        var failure = await Should.ThrowAsync<PushException>(() =>
            OpenAsync(PushMode.Auto, Nowhere, new ImageSource.EngineImage("hello:1"))
        );

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Where_no_way_opens_each_request_has_its_failure(int targets)
    {
        var requests = Enumerable
            .Range(1, targets)
            .Select(target => new PushRequest
            {
                Registry = $"44445555666{target}.dkr.ecr.eu-west-1.amazonaws.com",
                Repository = "hello-api",
                Tags = ["1.0.0"],
                Source = new ImageSource.EngineImage("hello:1"),
                DockerHost = Nowhere,
            });

        var outcomes = await new PushPipeline(new(EnvironmentVariables.None)).PushAsync(
            [.. requests],
            _ => new Recorder(),
            TestContext.Current.CancellationToken
        );

        outcomes.Count.ShouldBe(targets);
        outcomes.ShouldAllBe(outcome =>
            outcome.Result == null && outcome.Diagnostics.Single().Code == EcrCode.EngineUnavailable
        );
    }

    private async Task<string> AnsweringAsync() => (await engine.EngineAsync()).Endpoint.ToString();

    private static Task<PushRoute> OpenAsync(PushMode mode, string dockerHost, ImageSource source) =>
        PushRoute.OpenAsync(
            mode,
            new(dockerHost, EnvironmentVariables.None),
            source,
            targets: 1,
            TestContext.Current.CancellationToken
        );
}
