using System.Formats.Tar;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>Which way an image takes.</summary>
[Collection(RealEngine.OneAtATime)]
public sealed class PushRouteTests(RealEngine engine)
{
    private const string Nowhere = "unix:///nowhere/docker.sock";

    [Fact]
    public async Task By_itself_an_image_goes_through_an_engine_that_answers()
    {
        using var archive = TestArchive.Create();

        using var route = await OpenAsync(PushMode.Auto, await AnsweringAsync(), archive.Source());

        route.Pusher.ShouldBeOfType<DockerEnginePusher>();
    }

    [Fact]
    public async Task Where_none_answers_or_none_is_wanted_it_goes_straight()
    {
        using var archive = TestArchive.Create();

        using var without = await OpenAsync(PushMode.Auto, Nowhere, archive.Source());
        using var unwanted = await OpenAsync(PushMode.Registry, await AnsweringAsync(), archive.Source());

        without.Pusher.ShouldBeOfType<RegistryPusher>();
        unwanted.Pusher.ShouldBeOfType<RegistryPusher>();
    }

    [Fact]
    public async Task An_OCI_layout_goes_straight_since_an_engine_may_not_keep_all_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("route-").FullName;
        var tar = $"{folder}.tar";
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "oci-layout"),
                "{}",
                TestContext.Current.CancellationToken
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder, "index.json"),
                "{}",
                TestContext.Current.CancellationToken
            );
            await TarFile.CreateFromDirectoryAsync(folder, tar, false, TestContext.Current.CancellationToken);

            using var fromFolder = await OpenAsync(PushMode.Auto, await AnsweringAsync(), ImageSource.Parse(folder));
            using var fromArchive = await OpenAsync(PushMode.Auto, await AnsweringAsync(), ImageSource.Parse(tar));

            fromFolder.Pusher.ShouldBeOfType<RegistryPusher>();
            fromArchive.Pusher.ShouldBeOfType<RegistryPusher>();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(tar);
        }
    }

    [Fact]
    public async Task What_only_an_engine_holds_cannot_do_without_it()
    {
        var failure = await Should.ThrowAsync<PushException>(() =>
            OpenAsync(PushMode.Auto, Nowhere, new ImageSource.EngineImage("hello:1"))
        );

        failure.Problem.ShouldBe(PushProblem.EngineUnavailable);
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
