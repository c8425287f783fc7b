using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>Floating tags of images that an engine pushes.</summary>
[Collection(RealEngine.OneAtATime)]
public sealed class FloatingTagEngineTests(RealEngine engine)
{
    [Fact]
    public async Task Floating_tags_follow_a_version_that_an_engine_has_pushed()
    {
        await using var scene = await TaggingScene.OpenAsync();
        var host = (await engine.EngineAsync()).Endpoint.ToString();
        foreach (var version in (string[])["1.4.2", "1.3.9"])
        {
            var request = scene.Request(version) with { Mode = PushMode.Engine, DockerHost = host };
            (await scene.PushAsync(request)).Diagnostics.ShouldBeEmpty();
        }

        (await scene.VersionOfAsync("1.3")).ShouldBe("1.3.9");
        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.2");
    }
}
