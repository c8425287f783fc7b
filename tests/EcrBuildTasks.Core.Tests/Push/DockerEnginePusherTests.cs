using System.Diagnostics;
using Docker.DotNet.Models;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push;

[Collection(RealEngine.OneAtATime)]
public sealed class DockerEnginePusherTests(RealEngine real)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_of_the_SDK_is_pushed_under_every_tag_with_the_digest_that_the_registry_holds(bool gzip)
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create("hello-api:1.0", gzip: gzip);
        var repository = Pushes.NewRepository();
        var recorder = new Recorder();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, archive.Source(), ["1.0", "latest"]),
            recorder,
            Token
        );

        pushed.Tags.ShouldBe(["1.0", "latest"]);
        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await registry.DigestOfAsync(repository, "latest")).ShouldBe(pushed.Digest);
        var skopeo = await Cli.RunAsync(
            "skopeo",
            ["inspect", "--tls-verify=false", $"docker://{registry.Host}/{repository}:latest"],
            cancellationToken: Token
        );
        skopeo.ToString().ShouldContain(pushed.Digest);
        pushed.SizeInBytes.ShouldBeGreaterThanOrEqualTo(pushed.PushedBytes);
        var layer = pushed.Layers.ShouldHaveSingleItem();
        layer.Status.ShouldBe(LayerStatus.Pushed);
        layer.PushedBytes.ShouldBeInRange(archive.LayerBytes, archive.LayerBytes + 20_000);
        pushed.PushedBytes.ShouldBe(layer.PushedBytes, "the second tag needs no second upload");
        recorder.Reports.ShouldContain(report => report.Tag == "1.0" && report.Status == LayerStatus.Pushed);
    }

    [Fact]
    public async Task A_push_of_what_the_registry_has_sends_nothing()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();
        var push = Pushes.To(registry.Host, Pushes.NewRepository(), archive.Source(), ["1.0"]);
        var first = await pusher.PushAsync(push, new Recorder(), Token);

        var second = await pusher.PushAsync(push, new Recorder(), Token);

        second.Digest.ShouldBe(first.Digest);
        second.PushedBytes.ShouldBe(0);
        second.Layers.ShouldHaveSingleItem().Status.ShouldBe(LayerStatus.AlreadyExists);
    }

    [Fact]
    public async Task An_image_of_the_engine_is_pushed_and_keeps_its_own_names_only()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create("a-users-own:2.0");
        await LoadAsync(archive);
        var before = await real.NamesAsync();
        var repository = Pushes.NewRepository();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, new ImageSource.EngineImage("a-users-own:2.0"), ["2.0"]),
            new Recorder(),
            Token
        );

        (await registry.DigestOfAsync(repository, "2.0")).ShouldBe(pushed.Digest);
        (await real.NamesAsync()).ShouldBe(before);
        before.ShouldContain(name => name == $"a-users-own:2.0 {archive.ImageId}");
    }

    [Fact]
    public async Task A_name_that_the_archive_brings_still_stands_for_the_users_image_afterwards()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var users = TestArchive.Create("shared-name:1.0");
        await LoadAsync(users);
        var repository = Pushes.NewRepository();
        using (var client = await real.ClientAsync())
        {
            await client.Images.TagImageAsync(
                users.ImageId,
                new ImageTagParameters { RepositoryName = $"{registry.Host}/{repository}", Tag = "1.0" },
                Token
            );
        }

        var before = await real.NamesAsync();
        using var archive = TestArchive.Create("shared-name:1.0");

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, archive.Source(), ["1.0"]),
            new Recorder(),
            Token
        );

        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await real.NamesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_image_without_a_name_survives_its_push()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();
        await LoadAsync(archive);

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, Pushes.NewRepository(), new ImageSource.EngineImage(archive.ImageId), ["1.0"]),
            new Recorder(),
            Token
        );

        pushed.Digest.ShouldStartWith("sha256:");
        using var client = await real.ClientAsync();
        (await client.Images.InspectImageAsync(archive.ImageId, Token)).ID.ShouldBe(archive.ImageId);
    }

    [Fact]
    public async Task Credentials_go_with_the_request_and_the_docker_config_is_neither_used_nor_changed()
    {
        var registry = await real.GuardedRegistryAsync();
        var folder = Directory.CreateTempSubdirectory();
        var config = Path.Combine(folder.FullName, "config.json");
        var text = $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"QVdTOndyb25n"}},"credsStore":"does-not-exist"}""";
        await File.WriteAllTextAsync(config, text, Token);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOCKER_HOST"] = (await real.EngineAsync()).Endpoint.ToString(),
            ["DOCKER_CONFIG"] = folder.FullName,
        };
        using var pusher = await DockerEnginePusher.OpenAsync(new(null, new(environment)), Token);
        using var archive = TestArchive.Create();
        var repository = Pushes.NewRepository();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, archive.Source(), ["1.0"]),
            new Recorder(),
            Token
        );

        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await File.ReadAllTextAsync(config, Token)).ShouldBe(text);
        folder.GetFileSystemInfos().Length.ShouldBe(1);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Wrong_credentials_are_told_in_the_registrys_words_and_leave_nothing_behind()
    {
        var registry = await real.GuardedRegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create("left-behind:1.0");
        var before = await real.NamesAsync();

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To(
                    registry.Host,
                    Pushes.NewRepository(),
                    archive.Source(),
                    ["1.0"],
                    password: "a-wrong-password"
                ),
                new Recorder(),
                Token
            )
        );

        failure.Code.ShouldBe(EcrCode.DeniedWithoutReason);
        failure.RawMessage.ShouldBe("unauthorized: authentication required");
        failure.ToString().ShouldNotContain("a-wrong-password");
        (await real.NamesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_missing_image_is_told_by_its_name()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To(registry.Host, "team/none", new ImageSource.EngineImage("no-such-image:1.0"), ["1.0"]),
                new Recorder(),
                Token
            )
        );

        failure.Code.ShouldBe(EcrCode.SourceImageMissing);
        failure.Message.ShouldContain("no-such-image:1.0");
    }

    [Fact]
    public async Task A_name_like_that_of_an_image_in_the_engine_is_answered_with_that_name()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        var name = $"near-{Guid.NewGuid():N}:dev";
        using var archive = TestArchive.Create(name);
        await LoadAsync(archive);

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To(
                    registry.Host,
                    "team/none",
                    new ImageSource.EngineImage(name.Replace("dev", "dve", StringComparison.Ordinal)),
                    ["1.0"]
                ),
                new Recorder(),
                Token
            )
        );

        failure.Code.ShouldBe(EcrCode.SourceImageMissing);
        failure.Message.ShouldContain($" {name}");
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_a_network_failure()
    {
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(Pushes.To("127.0.0.1:1", "team/x", archive.Source(), ["1.0"]), new Recorder(), Token)
        );

        failure.Code.ShouldBe(EcrCode.RegistryUnreachable);
        failure.RawMessage.ShouldNotBeNull().ShouldContain("connection refused");
    }

    [Fact]
    public async Task What_the_source_of_credentials_throws_is_not_taken_for_a_failure_of_the_engine()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();
        var push = new ImagePush
        {
            Source = archive.Source(),
            RegistryHost = registry.Host,
            Repository = Pushes.NewRepository(),
            Tags = ["1.0"],
            GetCredentials = _ => throw new HttpRequestException("AWS cannot be reached"),
        };

        var failure = await Should.ThrowAsync<HttpRequestException>(() =>
            pusher.PushAsync(push, new Recorder(), Token)
        );

        failure.Message.ShouldBe("AWS cannot be reached");
    }

    [Fact]
    public async Task A_cancelled_push_ends_at_once_and_leaves_the_tag_unwritten()
    {
        var registry = await real.RegistryAsync();
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create("cancelled:1.0", layerBytes: 100_000_000);
        var before = await real.NamesAsync();
        var repository = Pushes.NewRepository();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cancelled = 0L;
        var recorder = new Recorder(report =>
        {
            if (report is { Status: LayerStatus.Pushing, Current: > 0 } && cancelled == 0)
            {
                cancelled = Stopwatch.GetTimestamp();
                cancellation.Cancel();
            }
        });

        await Should.ThrowAsync<OperationCanceledException>(() =>
            pusher.PushAsync(
                Pushes.To(registry.Host, repository, archive.Source(), ["1.0"]),
                recorder,
                cancellation.Token
            )
        );

        cancelled.ShouldNotBe(0, "the push must have been under way");
        Stopwatch.GetElapsedTime(cancelled).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        recorder.Reports[^1].Current.ShouldBeLessThan(archive.LayerBytes);
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        (await registry.DigestOfAsync(repository, "1.0")).ShouldBeNull("the engine must have stopped too");
        (await real.NamesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_engine_that_stops_in_mid_push_never_passes_for_success()
    {
        var registry = await real.RegistryAsync();
        await using var engine = (await DockerEngine.StartAsync(Token)).OrSkip(DockerEngine.Name);
        using var pusher = await DockerEnginePusher.OpenAsync(
            new(engine.Endpoint.ToString(), EnvironmentVariables.None),
            Token
        );
        // Slow enough that the engine is still at it when it is stopped.
        await using var line = await FaultProxy.StartAsync(registry.Client.BaseAddress!, cancellationToken: Token);
        line.Faults.Add(new BandwidthFault(FaultStep.UploadBlob, BytesPerSecond: 5_000_000));
        using var archive = TestArchive.Create(layerBytes: 50_000_000);
        var stopping = Task.CompletedTask;
        var recorder = new Recorder(report =>
        {
            if (report is { Status: LayerStatus.Pushing, Current: > 0 } && stopping.IsCompletedSuccessfully)
            {
                stopping = engine.DisposeAsync().AsTask();
            }
        });

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(Pushes.To(line.Host, Pushes.NewRepository(), archive.Source(), ["1.0"]), recorder, Token)
        );

        failure.Code.ShouldBe(EcrCode.EngineUnavailable, failure.ToString());
        await stopping;
    }

    private async Task LoadAsync(TestArchive archive)
    {
        using var client = await real.ClientAsync();
        await using var file = File.OpenRead(archive.Path);
        await client.Images.LoadImageAsync(new ImageLoadParameters(), file, new Progress<JSONMessage>(), Token);
    }
}
