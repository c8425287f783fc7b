using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Images;

[Collection(RealEngine.OneAtATime)]
public sealed class EngineImageTests(RealEngine real)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_of_Docker_is_exported_with_its_layers_compressed_and_can_be_saved_as_well()
    {
        var docker = await real.EngineAsync();

        await ExportAsync(docker.Endpoint);
    }

    [Fact]
    public async Task An_image_of_Podman_is_exported_with_its_layers_compressed_and_can_be_saved_as_well()
    {
        await using var podman = (await PodmanEngine.StartAsync([], Token)).OrSkip(PodmanEngine.Name);

        await ExportAsync(podman.Endpoint);
    }

    [Fact]
    public async Task An_image_that_the_engine_does_not_have_is_named()
    {
        var docker = await real.EngineAsync();

        var failure = await Should.ThrowAsync<PushException>(() =>
            ImageContents.OpenAsync(
                new ImageSource.EngineImage("no-such-image:1.0"),
                new(docker.Endpoint.ToString(), EnvironmentVariables.None),
                Token
            )
        );

        failure.Code.ShouldBe(EcrCode.SourceImageMissing);
        failure.Message.ShouldContain("no-such-image:1.0");
    }

    [Fact]
    public async Task An_image_that_the_engine_itself_has_pushed_is_known_again_and_not_exported()
    {
        using var image = new ToolImages().Write();
        var registry = await real.RegistryAsync();
        var docker = await real.EngineAsync();
        var repository = Pushes.NewRepository();
        using var client = await real.ClientAsync();
        var name = $"known-{Guid.NewGuid():N}:1.0";
        await LoadAsync(client, await image.CopyAsync("docker-archive", "image.tar", name));
        try
        {
            using var engine = await real.OpenAsync();
            using var pusher = new RegistryPusher(EnvironmentVariables.None, docker.Endpoint.ToString());
            var source = new ImageSource.EngineImage(name);
            var first = await engine.PushAsync(
                Pushes.To(registry.Host, repository, source, ["1.0"]),
                new Recorder(),
                Token
            );

            var again = await pusher.PushAsync(
                Pushes.To(registry.Host, repository, source, ["1.0", "latest"]),
                new Recorder(),
                Token
            );

            // The engine compresses differently: an export would have had another digest.
            again.Digest.ShouldBe(first.Digest);
            again.PushedBytes.ShouldBe(0);
            again.Layers.ShouldAllBe(layer => layer.Status == LayerStatus.AlreadyExists);
            (await registry.DigestOfAsync(repository, "latest")).ShouldBe(first.Digest);
        }
        finally
        {
            await client.Images.DeleteImageAsync(name, new ImageDeleteParameters(), CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_layout_is_pushed_by_an_engine_that_knows_no_layouts()
    {
        using var image = new ToolImages().Write();
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        var before = await real.NamesAsync();
        var repository = Pushes.NewRepository();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, ImageSource.Parse(image.Layout), ["1.0"]),
            new Recorder(),
            Token
        );

        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await real.NamesAsync()).ShouldBe(before);
    }

    private static async Task ExportAsync(Uri engine)
    {
        using var image = new ToolImages().Write();
        using var client = new DockerClientBuilder().WithEndpoint(engine).Build();
        var name = $"exported-{Guid.NewGuid():N}:1.0";
        var archive = await image.CopyAsync("docker-archive", "image.tar", name);
        await LoadAsync(client, archive);
        try
        {
            using var exported = await ImageContents.OpenAsync(
                new ImageSource.EngineImage(name),
                new(engine.ToString(), EnvironmentVariables.None),
                Token
            );
            var saved = Path.Combine(image.Folder, "saved.tar");
            await using (var source = await client.Images.SaveImageAsync(name, Token))
            await using (var target = File.Create(saved))
            {
                await source.CopyToAsync(target, Token);
            }

            using var file = await Opened.OpenAsync(saved);

            await exported.ShouldBeWholeAsync();
            (await exported.DiffIdsAsync()).ShouldBe(image.DiffIds);
            file.Root.Digest.ShouldBe(exported.Root.Digest);
        }
        finally
        {
            await client.Images.DeleteImageAsync(name, new ImageDeleteParameters(), CancellationToken.None);
        }
    }

    private static async Task LoadAsync(DockerClient client, string archive)
    {
        await using var tar = File.OpenRead(archive);
        await client.Images.LoadImageAsync(new ImageLoadParameters(), tar, new Progress<JSONMessage>(), Token);
    }
}
