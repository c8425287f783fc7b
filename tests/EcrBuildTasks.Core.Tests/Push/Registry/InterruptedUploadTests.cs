using System.Net;
using System.Net.Sockets;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Uploads over a line that breaks, into a registry that keeps what it got.</summary>
public sealed class InterruptedUploadTests
{
    [Fact]
    public async Task An_upload_goes_on_from_the_byte_that_the_registry_has_however_often_it_breaks()
    {
        const int BreaksAfter = 6_000_000;
        await using var scene = await RegistryScene.OpenAsync(
            timing: PassingFaultTests.Impatient,
            keepsBrokenParts: true
        );
        var layer = new MemoryBlob(TestImage.Random(5 * BreaksAfter));
        using var image = TestImage.Of(layer);
        // No connection lives for the whole layer: only an upload that goes on where it was can end.
        var fault = new ResetFault(FaultStep.UploadBlob) { Moment = FaultMoment.DuringBody, AfterBytes = BreaksAfter };
        scene.Emulator.Faults.Add(fault);

        await scene.PushAsync(image);

        (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        scene.Emulator.Faults.StrikesOf(fault).ShouldBeGreaterThan(PassingFaultTests.Impatient.Attempts);
    }

    [Fact]
    public async Task An_upload_that_the_registry_does_not_take_in_such_pieces_begins_anew()
    {
        await using var scene = await RegistryScene.OpenAsync(
            timing: FaultyStep.TimingOf(FaultStep.UploadBlob),
            keepsBrokenParts: true
        );
        // ECR takes no part of less than 5 MiB but the last, and says so only when the upload is to be completed.
        const int TooSmall = 2_000_000;
        var layer = new MemoryBlob(TestImage.Random(5_000_000));
        using var image = TestImage.Of(layer);
        scene.Emulator.Faults.Add(
            new ResetFault(FaultStep.UploadBlob) { Moment = FaultMoment.DuringBody, AfterBytes = TooSmall }
        );
        var hasGoneOn = false;
        layer.BeforeRead = offset =>
        {
            if (offset == TooSmall)
            {
                hasGoneOn = true;
                scene.Emulator.Faults.Clear();
            }

            return Task.CompletedTask;
        };

        await scene.PushAsync(image);

        hasGoneOn.ShouldBeTrue();
        (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(404, "BLOB_UPLOAD_UNKNOWN")]
    [InlineData(405, null)]
    [InlineData(411, null)]
    [InlineData(413, null)]
    [InlineData(415, null)]
    [InlineData(416, null)]
    [InlineData(422, null)]
    [InlineData(501, null)]
    // From a registry that does not read the content: the digest of nothing.
    [InlineData(400, "DIGEST_INVALID")]
    public async Task A_registry_that_takes_no_content_with_the_completion_gets_it_before_for_all_blobs(
        int status,
        string? code
    )
    {
        var refusal = new RefusalFault(FaultStep.UploadWholeBlob, status) { Code = code };
        // It is told at once: who waits before the next attempt waits for longer than the test.
        var hour = TimeSpan.FromHours(1);
        await using var scene = await RegistryScene.OpenAsync(timing: new() { FirstDelay = hour, LongestDelay = hour });
        using var image = TestImage.Of([.. Enumerable.Range(1, 30).Select(_ => TestImage.Random(1000))]);
        scene.Emulator.Faults.Add(refusal);

        var pushed = await scene
            .PushAsync(image)
            .WaitAsync(PassingFaultTests.Limit, TestContext.Current.CancellationToken);

        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        pushed.Layers.ShouldAllBe(layer => layer.Status == LayerStatus.Pushed);
        // Those that are sent at the same time learn it by themselves.
        scene.Emulator.Faults.StrikesOf(refusal).ShouldBeInRange(1, 8);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_denial_of_the_content_is_not_tried_by_another_way(int status)
    {
        await using var scene = await RegistryScene.OpenAsync(timing: PassingFaultTests.Impatient);
        using var image = TestImage.Of(TestImage.Random(1000));
        scene.Emulator.Faults.Add(new RefusalFault(FaultStep.UploadWholeBlob, status));

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.DeniedWithoutReason);
        scene.Requests.ShouldNotContain(request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_small_blob_whose_upload_broke_goes_on_from_the_byte_that_the_registry_has()
    {
        const int Breaks = 6_000_000;
        await using var scene = await RegistryScene.OpenAsync(
            timing: PassingFaultTests.Impatient,
            keepsBrokenParts: true
        );
        var layer = new MemoryBlob(TestImage.Random(2 * Breaks));
        var hasGoneOn = false;
        layer.BeforeRead = offset =>
        {
            hasGoneOn |= offset == Breaks;
            return Task.CompletedTask;
        };
        using var image = TestImage.Of(layer);
        scene.Emulator.Faults.Add(
            new ResetFault(FaultStep.UploadWholeBlob) { Moment = FaultMoment.DuringBody, AfterBytes = Breaks }
        );

        await scene.PushAsync(image);

        hasGoneOn.ShouldBeTrue();
        (await scene.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
    }

    [Fact]
    public async Task A_layer_that_arrives_but_cannot_be_completed_is_not_tried_more_often_than_any_step()
    {
        await using var scene = await RegistryScene.OpenAsync(
            timing: PassingFaultTests.Impatient,
            keepsBrokenParts: true
        );
        using var image = TestImage.Of(TestImage.Random(1000));
        var fault = new ResetFault(FaultStep.CompleteUpload) { Moment = FaultMoment.AfterBody };
        scene.Emulator.Faults.Add(fault);

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.RegistryUnreachable);
        scene
            .Emulator.Faults.StrikesOf(fault)
            .ShouldBeLessThanOrEqualTo(image.Blobs.Count * PassingFaultTests.Impatient.Attempts);
    }

    [Fact]
    public async Task A_registry_that_does_not_listen_is_one_failure_that_says_so()
    {
        await using var scene = await RegistryScene.OpenAsync();
        using var pusher = new RegistryPusher(PassingFaultTests.Impatient);
        using var image = TestImage.Of(TestImage.Random(1000));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var host = taken.LocalEndpoint.ToString()!;
        taken.Stop();

        var failure = await Should.ThrowAsync<PushException>(() =>
            scene.PushAsync(pusher, image, host, usePlainHttp: true)
        );

        failure.Code.ShouldBe(EcrCode.RegistryUnreachable);
        failure.Message.ShouldContain(host);
        failure.Message.ShouldContain("refused");
    }
}
