using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Pushes over the registry protocol, into the emulator.</summary>
public sealed class RegistryPusherTests
{
    [Fact]
    public async Task A_push_brings_every_layer_there_and_the_tag_last()
    {
        await using var scene = await RegistryScene.OpenAsync();
        MemoryBlob[] layers =
        [
            new(TestImage.Random(10)),
            new(TestImage.Random(3_000_000)),
            new(TestImage.Random(100_000)),
        ];
        using var image = TestImage.Of(layers);

        var pushed = await scene.PushAsync(image);

        pushed.Digest.ShouldBe(image.Root.Digest);
        pushed.PushedBytes.ShouldBe(image.SizeInBytes);
        pushed.SizeInBytes.ShouldBe(image.SizeInBytes);
        pushed.Layers.ShouldAllBe(layer => layer.Status == LayerStatus.Pushed);
        scene.Requests[^1].ShouldBe("PUT manifests/1.0.0");
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        foreach (var layer in layers)
        {
            (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        }
    }

    [Fact]
    public async Task A_cold_push_asks_for_each_layer_once_sends_it_once_and_pings_never()
    {
        await using var scene = await RegistryScene.OpenAsync();
        using var image = TestImage.Of([.. Enumerable.Range(1, 6).Select(size => TestImage.Random(size * 1000))]);

        await scene.PushAsync(image);

        var counts = scene.Requests.CountBy(request => request.Split(' ')[0]).ToDictionary();
        counts["HEAD"].ShouldBe(2 + image.Blobs.Count);
        counts["POST"].ShouldBe(image.Blobs.Count);
        counts["PUT"].ShouldBe(image.Blobs.Count + 1);
        counts.Keys.Order().ShouldBe(["HEAD", "POST", "PUT"]);
    }

    [Fact]
    public async Task A_cold_push_waits_for_four_round_trips_and_one_of_what_is_there_for_one()
    {
        await using var scene = await RegistryScene.OpenAsync();
        await using var line = LatencyProxy.Start(scene.Emulator.Endpoint, TimeSpan.FromMilliseconds(150));
        using var pusher = new RegistryPusher(new PushTiming());
        using var image = TestImage.Of([.. Enumerable.Range(1, 5).Select(size => TestImage.Random(size * 1000))]);

        await scene.PushAsync(pusher, image, line.Host, usePlainHttp: true);
        var cold = line.Exchanges;
        await scene.PushAsync(pusher, image, line.Host, usePlainHttp: true);

        cold.CountRoundTrips().ShouldBe(4);
        var end = cold.Max(exchange => exchange.End);
        line.Exchanges.Where(exchange => exchange.Start > end).CountRoundTrips().ShouldBe(1);
    }

    [Fact]
    public async Task A_blob_from_16_MiB_on_is_sent_so_that_it_can_resume()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var layers = new[] { (16 << 20) - 1, 16 << 20 }
            .Select(size => new MemoryBlob(TestImage.Random(size)))
            .ToArray();
        using var image = TestImage.Of(layers);

        await scene.PushAsync(image);

        scene.Requests.Count(request => request.StartsWith("PATCH", StringComparison.Ordinal)).ShouldBe(1);
        layers.ShouldAllBe(layer => layer.BytesRead == layer.Length);
        foreach (var layer in layers)
        {
            (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        }
    }

    [Fact]
    public async Task Pushing_what_is_there_asks_four_times_at_most_and_reads_no_layer()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var layers = Enumerable.Range(1, 12).Select(size => new MemoryBlob(TestImage.Random(size * 1000))).ToArray();
        using var image = TestImage.Of(layers);
        await scene.PushAsync(image);
        var (asked, read) = (scene.Requests.Count, layers.Sum(layer => layer.BytesRead));

        var pushed = await scene.PushAsync(image);

        (scene.Requests.Count - asked).ShouldBeLessThanOrEqualTo(4);
        layers.Sum(layer => layer.BytesRead).ShouldBe(read);
        pushed.PushedBytes.ShouldBe(0);
        pushed.Layers.ShouldAllBe(layer => layer.Status == LayerStatus.AlreadyExists);
    }

    [Fact]
    public async Task Each_further_tag_costs_one_manifest()
    {
        await using var scene = await RegistryScene.OpenAsync();
        using var image = TestImage.Of(TestImage.Random(1000), TestImage.Random(2000));

        await scene.PushAsync(image, ["1.0.0", "1.0", "latest"]);

        scene.Requests.Count(IsCompletion).ShouldBe(3);
        scene.Requests.Count(request => request.StartsWith("PUT manifests/", StringComparison.Ordinal)).ShouldBe(3);
        foreach (var tag in new[] { "1.0.0", "1.0", "latest" })
        {
            (await scene.DigestOfAsync(tag)).ShouldBe(image.Root.Digest);
        }
    }

    [Fact]
    public async Task Only_the_layers_that_are_absent_are_sent()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var shared = new MemoryBlob(TestImage.Random(500_000));
        using var first = TestImage.Of(shared, new MemoryBlob(TestImage.Random(1000)));
        using var second = TestImage.Of(shared, new MemoryBlob(TestImage.Random(2000)));
        await scene.PushAsync(first, ["1"]);
        var read = shared.BytesRead;

        var pushed = await scene.PushAsync(second, ["2"]);

        shared.BytesRead.ShouldBe(read);
        pushed.PushedBytes.ShouldBe(second.SizeInBytes - shared.Length);
        pushed.Layers.Count(layer => layer.Status == LayerStatus.AlreadyExists).ShouldBe(1);
    }

    [Fact]
    public async Task The_children_of_an_index_share_their_layers_and_only_the_index_is_tagged()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var layer = new MemoryBlob(TestImage.Random(10_000));
        using var image = TestImage.Index(layer, new MemoryBlob(TestImage.Random(20_000)));

        var pushed = await scene.PushAsync(image);

        pushed.Digest.ShouldBe(image.Root.Digest);
        layer.BytesRead.ShouldBe(layer.Length);
        scene
            .Requests.Where(request => request.StartsWith("PUT manifests/", StringComparison.Ordinal))
            .ShouldBe(
                [
                    .. image.Manifests.SkipLast(1).Select(child => $"PUT manifests/{child.Digest}"),
                    "PUT manifests/1.0.0",
                ],
                ignoreOrder: true
            );
        scene.Requests[^1].ShouldBe("PUT manifests/1.0.0");
    }

    [Fact]
    public async Task Children_and_tags_are_put_within_the_quota_of_PutImage_also_in_several_repositories()
    {
        var clock = new JumpingClock();
        await using var scene = await RegistryScene.OpenAsync(clock: clock);
        using var image = TestImage.Indexed(13, new MemoryBlob(TestImage.Random(10)));
        string[] tags = [.. Enumerable.Range(0, 12).Select(number => $"1.{number}")];

        await Task.WhenAll(
            scene.PushAsync(image, tags),
            scene.PushAsync(image, tags, repository: RegistryScene.BaseRepository)
        );

        (await scene.DigestOfAsync(tags[^1])).ShouldBe(image.Root.Digest);
        (await scene.DigestOfAsync(tags[^1], RegistryScene.BaseRepository)).ShouldBe(image.Root.Digest);
        // 50 manifests, 10 of them at once.
        clock.Waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task No_second_has_more_than_ten_manifests()
    {
        var clock = new JumpingClock();
        using var transport = new RegistryTransport(new PushTiming(), certificates: null, clock);
        var registry = new Uri("https://registry.example");
        var starts = new List<TimeSpan>();
        for (var manifest = 0; manifest < 60; manifest++)
        {
            await transport.WaitForManifestAsync(registry, TestContext.Current.CancellationToken);
            starts.Add(clock.Waited);
            clock.Pass(TimeSpan.FromMilliseconds(30));
        }

        starts.Zip(starts.Skip(10), (first, eleventh) => eleventh - first).Min().ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Up_to_ten_manifests_do_not_wait()
    {
        var clock = new JumpingClock();
        await using var scene = await RegistryScene.OpenAsync(clock: clock);
        using var image = TestImage.Indexed(7, new MemoryBlob(TestImage.Random(10)));

        await scene.PushAsync(image, ["1.0.0", "1.0", "latest"]);

        clock.Waited.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_same_image_under_a_tag_of_an_immutable_repository_is_a_success()
    {
        await using var scene = await RegistryScene.OpenAsync(isImmutable: true);
        using var image = TestImage.Of(TestImage.Random(1000));
        await scene.PushAsync(image);

        (await scene.PushAsync(image)).Digest.ShouldBe(image.Root.Digest);
    }

    [Fact]
    public async Task Another_image_under_a_tag_of_an_immutable_repository_is_refused()
    {
        await using var scene = await RegistryScene.OpenAsync(isImmutable: true);
        using var first = TestImage.Of(TestImage.Random(1000));
        using var second = TestImage.Of(TestImage.Random(1000));
        await scene.PushAsync(first);

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(second));

        failure.Code.ShouldBe(EcrCode.TagImmutable);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(first.Root.Digest);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_its_digest_says_is_told_before_anything_is_tagged()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var damaged = new MemoryBlob(TestImage.Random(1000), TestImage.Digest([1, 2, 3]));
        using var image = TestImage.Of(damaged, new MemoryBlob(TestImage.Random(1000)));

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain(damaged.Digest);
        failure.Message.ShouldContain(TestImage.Digest(damaged.Bytes));
        scene.Requests.ShouldNotContain(request => request.StartsWith("PATCH", StringComparison.Ordinal));
        (await scene.DigestOfAsync("1.0.0")).ShouldBeNull();
    }

    [Fact]
    public async Task A_cancelled_push_leaves_the_tag_and_the_next_one_sends_only_the_rest()
    {
        await using var scene = await RegistryScene.OpenAsync();
        using var old = TestImage.Of(TestImage.Random(1000));
        await scene.PushAsync(old);
        var completedBefore = scene.Requests.Count(IsCompletion);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var quick = new MemoryBlob(TestImage.Random(1000));
        var slow = new MemoryBlob(TestImage.Random(5_000_000));
        using var image = TestImage.Of(quick, slow);
        slow.BeforeRead = async offset =>
        {
            if (offset > 0)
            {
                // The configuration and the quick layer are there by now.
                await WaitUntilAsync(() => scene.Requests.Count(IsCompletion) == 2 + completedBefore);
                await cancellation.CancelAsync();
            }
        };

        await Should.ThrowAsync<OperationCanceledException>(() =>
            scene.PushAsync(image, cancellationToken: cancellation.Token)
        );
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(old.Root.Digest);

        slow.BeforeRead = _ => Task.CompletedTask;
        var pushed = await scene.PushAsync(image);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        pushed.PushedBytes.ShouldBe(slow.Length);
    }

    [Fact]
    public async Task A_layer_of_the_base_image_is_mounted_where_the_registry_does_that()
    {
        await using var scene = await RegistryScene.OpenAsync(settings: [new("BLOB_MOUNTING", "ENABLED")]);
        var shared = new MemoryBlob(TestImage.Random(100_000));
        using var baseImage = TestImage.Of(shared);
        using var image = TestImage.Of(shared, new MemoryBlob(TestImage.Random(1000)));
        await scene.PushAsync(baseImage, repository: RegistryScene.BaseRepository);
        var read = shared.BytesRead;

        var pushed = await scene.PushAsync(image, mountFrom: RegistryScene.BaseRepository);

        shared.BytesRead.ShouldBe(read);
        pushed.Layers.Count(layer => layer.Status == LayerStatus.Mounted).ShouldBe(1);
        pushed.PushedBytes.ShouldBe(image.SizeInBytes - shared.Length);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
    }

    [Fact]
    public async Task A_layer_of_the_base_image_is_sent_where_the_registry_does_not_mount()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var shared = new MemoryBlob(TestImage.Random(100_000));
        using var baseImage = TestImage.Of(shared);
        using var image = TestImage.Of(shared);
        await scene.PushAsync(baseImage, repository: RegistryScene.BaseRepository);

        var pushed = await scene.PushAsync(image, mountFrom: RegistryScene.BaseRepository);

        pushed.PushedBytes.ShouldBe(image.SizeInBytes);
        (await scene.BlobAsync(shared.Digest)).ShouldBe(shared.Bytes);
    }

    [Fact]
    public async Task Credentials_are_asked_for_once()
    {
        await using var scene = await RegistryScene.OpenAsync();
        using var image = TestImage.Of([.. Enumerable.Range(1, 20).Select(_ => TestImage.Random(1000))]);

        await scene.PushAsync(image);

        scene.TokensFetched.ShouldBe(1);
    }

    [Fact]
    public async Task Credentials_never_go_to_another_machine_in_plain_text()
    {
        using var pusher = new RegistryPusher(new PushTiming());
        using var image = TestImage.Of(TestImage.Random(1));
        var wasAsked = false;

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                image,
                new()
                {
                    Source = new ImageSource.EngineImage("not looked at"),
                    RegistryHost = "registry.example:5000",
                    UsePlainHttp = true,
                    Repository = "hello-api",
                    Tags = ["1"],
                    GetCredentials = _ =>
                    {
                        wasAsked = true;
                        return Task.FromResult(new RegistryCredentials("registry.example:5000", "AWS", "secret"));
                    },
                },
                new Recorder(),
                TestContext.Current.CancellationToken
            )
        );

        failure.Message.ShouldContain("plain HTTP");
        wasAsked.ShouldBeFalse();
        var login = await Should.ThrowAsync<PushException>(() =>
            RegistryLogin.CheckAsync(
                new("registry.example:5000", "AWS", "secret", usePlainHttp: true),
                EnvironmentVariables.None,
                TestContext.Current.CancellationToken
            )
        );
        login.Message.ShouldContain("plain HTTP");
    }

    /// <summary>Whoever waits for it has waited at once.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private readonly DateTimeOffset _start = System.GetUtcNow();
        private long _ticks;

        public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

        public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override DateTimeOffset GetUtcNow() => _start + Waited;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pass(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private static bool IsCompletion(string request) =>
        request.StartsWith("PUT blobs/uploads/", StringComparison.Ordinal);

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
