using System.Globalization;
using System.Text;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Layers that go from the registry of the base image straight into the upload.</summary>
public sealed class RemoteBlobTests(OpenRegistry registry)
{
    private const int Part = 100_000;

    private static readonly string Text = string.Concat(
        Enumerable.Range(0, 300_000).Select(number => number.ToString("D7", CultureInfo.InvariantCulture))
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1000)]
    [InlineData(20_000_000)]
    public async Task An_absent_layer_is_read_once_from_ECR_and_sent_once(int size)
    {
        await using var scene = await RegistryScene.OpenAsync();
        var (layer, own) = (new MemoryBlob(TestImage.Random(size)), new MemoryBlob(TestImage.Random(1000)));
        await scene.PushAsync(TestImage.Of(layer), repository: RegistryScene.BaseRepository);
        using var remote = new RemoteBlobs(
            scene.Emulator.Endpoint.Authority,
            RegistryScene.BaseRepository,
            EnvironmentVariables.None,
            async cancellation => await scene.TokenAsync(scene.Emulator.Endpoint.Authority, cancellation)
        );
        using var image = Replaced(TestImage.Of(layer, own), remote.Open(layer.Digest, layer.Length));
        layer.BeforeRead = _ => throw new InvalidOperationException("It is not here.");

        var pushed = await scene.PushAsync(image);

        pushed.PushedBytes.ShouldBe(image.SizeInBytes);
        Downloads().ShouldBe(1);
        (await scene.PushAsync(image, ["2.0.0"])).PushedBytes.ShouldBe(0);
        Downloads().ShouldBe(1);
        (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);

        int Downloads() => scene.Emulator.Calls.Count(call => call.Action == "DownloadLayer");
    }

    [Theory]
    [InlineData(FaultStep.UploadBlob)]
    [InlineData(FaultStep.UploadWholeBlob)]
    public async Task An_upload_that_breaks_goes_on_with_the_part_of_the_layer_that_it_lacks(string step)
    {
        const int Breaks = 7_000_000;
        var real = await registry.StartedAsync();
        await using var scene = await RegistryScene.OpenAsync(
            timing: FaultyStep.TimingOf(step),
            keepsBrokenParts: true
        );
        var layer = new MemoryBlob(TestImage.Random(12_000_000));
        await PushAsync(TestImage.Of(layer), real);
        await using var line = await FaultProxy.StartAsync(real.Client.BaseAddress!, cancellationToken: Cancellation);
        using var remote = new RemoteBlobs(line.Host, "base", EnvironmentVariables.None);
        using var image = Replaced(TestImage.Of(layer), remote.Open(layer.Digest, layer.Length));
        scene.Emulator.Faults.Add(new ResetFault(step) { Moment = FaultMoment.DuringBody, AfterBytes = Breaks });

        await scene.PushAsync(image);

        (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        var ranges = line.Requests.Where(request => request.Method == "GET" && request.Path != "/v2/");
        ranges.Select(request => request.Status).ShouldBe([200, 206]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_ends_early_is_continued_from_the_next_byte(bool supportsRanges)
    {
        await using var stub = await StubService.StartAsync(request => Answer(request, supportsRanges));
        using var remote = Remote(stub);
        var blob = remote.Open(TestImage.Digest(Encoding.ASCII.GetBytes(Text)), Text.Length);

        if (supportsRanges)
        {
            (await Digest.ComputeAsync(blob.Content, Cancellation)).ShouldBe(blob.Digest);
            stub.Requests.Count(IsBlob).ShouldBe((Text.Length + Part - 1) / Part);
        }
        else
        {
            var middle = new byte[Part];
            (await blob.Content.ReadAsync(middle, 12_345, Cancellation)).ShouldBe(Part);
            Encoding.ASCII.GetString(middle).ShouldBe(Text[12_345..][..Part]);
        }

        StubAnswer Answer(ReceivedRequest request, bool isPartial)
        {
            var from = isPartial ? From(request) : 0;
            var length = isPartial ? Math.Min(Part, Text.Length - from) : Text.Length;
            return !IsBlob(request) ? new(200, "{}") : new(from > 0 ? 206 : 200, Text.Substring(from, length), Bytes);
        }
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_refusal_of_the_base_registry_names_it_and_ends_the_push(int status)
    {
        await using var scene = await RegistryScene.OpenAsync(timing: PassingFaultTests.Impatient);
        await using var stub = await StubService.StartAsync(request =>
            IsBlob(request) ? new(status, """{"errors":[{"code":"X","message":"no"}]}""") : new(200, "{}")
        );
        using var remote = Remote(stub);
        var layer = new MemoryBlob(TestImage.Random(1000));
        using var image = Replaced(TestImage.Of(layer), remote.Open(layer.Digest, layer.Length));

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.BaseImageUnreadable, failure.Message);
        failure.Message.ShouldContain($"{stub.Url.Authority}/base");
        failure.Message.Contains("docker login", StringComparison.Ordinal).ShouldBe(status is 401 or 403);
        (await scene.DigestOfAsync("1.0.0")).ShouldBeNull();
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_is_not_taken_for_one_of_the_upload()
    {
        await using var scene = await RegistryScene.OpenAsync(
            timing: FaultyStep.TimingOf(FaultStep.UploadBlob),
            keepsBrokenParts: true
        );
        await using var stub = await StubService.StartAsync(request =>
            !IsBlob(request) ? new(200, "{}")
            : From(request) == 0 ? new(200, Text, Bytes)
            : new(403, "{}")
        );
        using var remote = Remote(stub);
        var layer = new MemoryBlob(Encoding.ASCII.GetBytes(Text));
        using var image = Replaced(TestImage.Of(layer), remote.Open(layer.Digest, layer.Length));
        scene.Emulator.Faults.Add(
            new ResetFault(FaultStep.UploadBlob) { Moment = FaultMoment.DuringBody, AfterBytes = 1_000_000 }
        );

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.BaseImageUnreadable, failure.Message);
        stub.Requests.Count(IsBlob).ShouldBe(2);
    }

    [Fact]
    public async Task A_base_registry_that_stalls_is_not_taken_for_the_other()
    {
        await using var scene = await RegistryScene.OpenAsync(timing: PassingFaultTests.Impatient);
        await using var line = await FaultProxy.StartAsync(
            scene.Emulator.Endpoint,
            new FaultPlan(new StallFault(FaultStep.GetBlob)),
            Cancellation
        );
        using var remote = new RemoteBlobs(
            line.Host,
            "base",
            EnvironmentVariables.None,
            timing: PassingFaultTests.Impatient
        );
        var layer = new MemoryBlob(TestImage.Random(1000));
        using var image = Replaced(TestImage.Of(layer), remote.Open(layer.Digest, layer.Length));

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.BaseImageUnreadable, failure.Message);
        failure.Message.ShouldContain(line.Host);
        // The configuration and the layer, of which no upload began anew.
        scene.Emulator.Calls.Count(call => call is { Service: "registry", Method: "POST" }).ShouldBe(2);
    }

    [Theory]
    [InlineData("docker.io", "debian", "registry-1.docker.io/library/debian")]
    [InlineData("index.docker.io", "library/debian", "registry-1.docker.io/library/debian")]
    [InlineData("registry-1.docker.io", "grafana/loki", "registry-1.docker.io/grafana/loki")]
    [InlineData("mcr.microsoft.com", "dotnet", "mcr.microsoft.com/dotnet")]
    public void Docker_Hub_is_known_by_its_names(string host, string repository, string name)
    {
        using var remote = new RemoteBlobs(host, repository, EnvironmentVariables.None);

        remote.Name.ShouldBe(name);
    }

    private const string Bytes = "application/octet-stream";

    private static RemoteBlobs Remote(StubService stub) =>
        new(stub.Url.Authority, "base", EnvironmentVariables.None, timing: PassingFaultTests.Impatient);

    private static bool IsBlob(ReceivedRequest request) =>
        request.Path.StartsWith("/v2/base/blobs/sha256:", StringComparison.Ordinal);

    private static int From(ReceivedRequest request) =>
        request.Headers.TryGetValue("Range", out var range)
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;

    /// <summary>The image with one of its blobs from elsewhere.</summary>
    private static ImageContent Replaced(ImageContent image, Blob blob) =>
        new(image.Manifests, [.. image.Blobs.Select(one => one.Digest == blob.Digest ? blob : one)]);

    private static async Task PushAsync(ImageContent image, DockerRegistry real)
    {
        using var pusher = new RegistryPusher(new PushTiming());
        await pusher.PushAsync(
            image,
            Pushes.To(real.Host, "base", new ImageSource.EngineImage("not looked at"), [$"t{Guid.NewGuid():N}"]),
            new Recorder(),
            Cancellation
        );
    }
}
