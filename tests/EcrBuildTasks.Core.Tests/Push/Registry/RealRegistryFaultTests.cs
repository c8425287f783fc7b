using EcrBuildTasks.Core.Tests.Push.Registry;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;

[assembly: AssemblyFixture(typeof(OpenRegistry))]

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Docker's own registry behind a line that fails, at whatever step.</summary>
public sealed class RealRegistryFaultTests(OpenRegistry registry)
{
    // The emulator gets the whole table. What may differ here is how a registry keeps the parts of an upload.
    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        FaultyStep.PassingRows.Where(row =>
            row.Data.Item1 is "reset in the body" or "answer lost" or "stall in the body"
            && row.Data.Item2
                is FaultStep.UploadBlob
                    or FaultStep.CompleteUpload
                    or FaultStep.UploadWholeBlob
                    or FaultStep.PutManifestByTag
        );

    [Fact]
    public async Task A_small_blob_needs_two_requests()
    {
        var real = await registry.StartedAsync();
        await using var line = await LineAsync(real);
        using var pusher = new RegistryPusher(new PushTiming());
        using var image = PassingFaultTests.Image();

        await PushAsync(pusher, image, line, Pushes.NewRepository());

        var uploads = line.Requests.Where(request =>
            request.Path.Contains("/blobs/uploads/", StringComparison.Ordinal)
        );
        uploads
            .CountBy(request => (request.Method, request.Status))
            .ToDictionary()
            .ShouldBe(
                new Dictionary<(string, int), int>
                {
                    [("POST", 202)] = image.Blobs.Count,
                    [("PUT", 201)] = image.Blobs.Count,
                },
                ignoreOrder: true
            );
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_passes_costs_time_and_not_the_push(string kind, string step)
    {
        var real = await registry.StartedAsync();
        await using var line = await LineAsync(real);
        using var pusher = new RegistryPusher(FaultyStep.TimingOf(step) with { Attempts = 5 });
        using var image = PassingFaultTests.Image();
        var repository = Pushes.NewRepository();
        var fault = FaultyStep.Make(kind, step) with { Times = 1 };
        line.Faults.Add(fault);

        await PushAsync(pusher, image, line, repository);

        line.Faults.StrikesOf(fault).ShouldBe(1);
        (await real.IndexDigestOfAsync(repository, "1.0.0")).ShouldBe(image.Root.Digest);
        (await PushAsync(pusher, image, line, repository)).PushedBytes.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_stays_ends_the_push_with_one_failure_and_never_tags_half_an_image(string kind, string step)
    {
        var real = await registry.StartedAsync();
        await using var line = await LineAsync(real);
        using var pusher = new RegistryPusher(FaultyStep.TimingOf(step));
        using var image = PassingFaultTests.Image();
        var repository = Pushes.NewRepository();
        var fault = FaultyStep.Make(kind, step);
        line.Faults.Add(fault);

        try
        {
            (await PushAsync(pusher, image, line, repository)).Digest.ShouldBe(image.Root.Digest);
        }
        catch (PushException failure)
        {
            failure.Message.ShouldNotContain("Exception");
        }

        line.Faults.StrikesOf(fault).ShouldBeGreaterThan(0);
        (await real.IndexDigestOfAsync(repository, "1.0.0") ?? image.Root.Digest).ShouldBe(image.Root.Digest);
        line.Faults.Clear();
        await PushAsync(pusher, image, line, repository);
        (await real.IndexDigestOfAsync(repository, "1.0.0")).ShouldBe(image.Root.Digest);
        (await PushAsync(pusher, image, line, repository)).PushedBytes.ShouldBe(0);
    }

    private static Task<FaultProxy> LineAsync(DockerRegistry real) =>
        FaultProxy.StartAsync(real.Client.BaseAddress!, cancellationToken: TestContext.Current.CancellationToken);

    private static Task<PushedImage> PushAsync(
        RegistryPusher pusher,
        ImageContent image,
        FaultProxy line,
        string repository
    ) =>
        pusher
            .PushAsync(
                image,
                Pushes.To(line.Host, repository, new ImageSource.EngineImage("not looked at"), ["1.0.0"]),
                new Recorder(),
                TestContext.Current.CancellationToken
            )
            .WaitAsync(PassingFaultTests.Limit, TestContext.Current.CancellationToken);
}

/// <summary>One real registry that lets everybody in, started when the first test asks for it.</summary>
public sealed class OpenRegistry : IAsyncDisposable
{
    private readonly Lazy<Task<DockerRegistry?>> _registry = new(() => DockerRegistry.StartAsync());

    internal async Task<DockerRegistry> StartedAsync() => (await _registry.Value).OrSkip(DockerRegistry.Name);

    public async ValueTask DisposeAsync()
    {
        if (_registry.IsValueCreated && await _registry.Value is { } started)
        {
            await started.DisposeAsync();
        }
    }
}
