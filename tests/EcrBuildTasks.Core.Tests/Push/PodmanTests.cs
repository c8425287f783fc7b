using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push;

public sealed class PodmanTests(RealEngine real)
{
    [Fact]
    public async Task Podman_pushes_as_Docker_does()
    {
        var token = TestContext.Current.CancellationToken;
        var registry = await real.GuardedRegistryAsync();
        await using var podman = (await PodmanEngine.StartAsync([registry.Host], token)).OrSkip(PodmanEngine.Name);
        using var pusher = await DockerEnginePusher.OpenAsync(
            new(podman.Endpoint.ToString(), EnvironmentVariables.None),
            token
        );
        using var archive = TestArchive.Create("hello-api:1.0", gzip: true);
        var repository = Pushes.NewRepository();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, archive.Source(), ["1.0", "latest"]),
            new Recorder(),
            token
        );
        var refused = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To(registry.Host, repository, archive.Source(), ["2.0"], password: "wrong"),
                new Recorder(),
                token
            )
        );

        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await registry.DigestOfAsync(repository, "latest")).ShouldBe(pushed.Digest);
        refused.Code.ShouldBe(EcrCode.DeniedWithoutReason, refused.RawMessage);
    }
}
