using System.Net;
using System.Net.Sockets;
using EcrBuildTasks.Emulator.Faults;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests.Faults;

public sealed class BrokenConnectionTests
{
    private const string HeadOfNothing = "hello-api/manifests/nothing";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_reset_before_anything_is_read()
    {
        var fault = new ResetFault(FaultStep.Connect) { Times = 1 };
        await using var scene = await FaultyRegistry.StartAsync(fault);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        var failure = await Should.ThrowAsync<SocketException>(async () =>
        {
            await socket.ConnectAsync("127.0.0.1", scene.Emulator.Endpoint.Port, Cancellation);
            await socket.ReceiveAsync(new byte[1], Cancellation);
        });

        failure.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        scene.Emulator.Faults.StrikesOf(fault).ShouldBe(1);
        scene.Emulator.Calls.ShouldNotContain(call => call.Service == "registry");
        (await scene.SendAsync(HttpMethod.Get, "")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(FaultStep.Ping, "GET", "")]
    [InlineData(FaultStep.HeadManifest, "HEAD", HeadOfNothing)]
    [InlineData(FaultStep.GetManifest, "GET", HeadOfNothing)]
    [InlineData(FaultStep.HeadBlob, "HEAD", "hello-api/blobs/sha256:0")]
    [InlineData(FaultStep.GetBlob, "GET", "hello-api/blobs/sha256:0")]
    [InlineData(FaultStep.StartUpload, "POST", "hello-api/blobs/uploads/")]
    [InlineData(FaultStep.StartUpload, "POST", "hello-api/blobs/uploads/?mount=sha256:0&from=x")]
    [InlineData(FaultStep.MountBlob, "POST", "hello-api/blobs/uploads/?mount=sha256:0&from=x")]
    [InlineData(FaultStep.UploadBlob, "PATCH", "hello-api/blobs/uploads/1")]
    [InlineData(FaultStep.UploadStatus, "GET", "hello-api/blobs/uploads/1")]
    [InlineData(FaultStep.CompleteUpload, "PUT", "hello-api/blobs/uploads/1?digest=sha256:0")]
    [InlineData(FaultStep.PutManifest, "PUT", "hello-api/manifests/1.0.0")]
    [InlineData(FaultStep.PutManifest, "PUT", "hello-api/manifests/sha256:0")]
    [InlineData(FaultStep.PutManifestByTag, "PUT", "hello-api/manifests/1.0.0")]
    [InlineData(FaultStep.PutManifestByDigest, "PUT", "hello-api/manifests/sha256:0")]
    [InlineData(FaultStep.Any, "DELETE", "hello-api/manifests/1.0.0")]
    public async Task Each_step_can_be_struck(string step, string method, string path)
    {
        var fault = new ResetFault(step);
        await using var scene = await FaultyRegistry.StartAsync(fault);

        await FaultyRegistry.ShouldBeResetAsync(() => scene.SendAsync(new HttpMethod(method), path));

        scene.Emulator.Faults.StrikesOf(fault).ShouldBe(1);
        var call = scene.Emulator.Calls[^1];
        (call.Service, call.Method, call.Status).ShouldBe(("registry", method, 0));
        scene.Emulator.Calls.Count(told => told.Status == 0).ShouldBe(1);
    }

    [Theory]
    [InlineData(FaultMoment.BeforeBody, null)]
    [InlineData(FaultMoment.DuringBody, null)]
    [InlineData(FaultMoment.DuringBody, 1000L)]
    [InlineData(FaultMoment.AfterBody, null)]
    public async Task A_part_whose_connection_breaks_before_it_was_handled_is_not_there(
        FaultMoment moment,
        long? afterBytes
    )
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new ResetFault(FaultStep.UploadBlob)
            {
                Moment = moment,
                AfterBytes = afterBytes,
                Times = 1,
            }
        );
        var upload = await StartUploadAsync(scene.Client);
        var content = new byte[PartSize + 1];

        await FaultyRegistry.ShouldBeResetAsync(() => PatchAsync(scene.Client, upload, content));

        (await PatchAsync(scene.Client, upload, content)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await CompleteAsync(scene.Client, upload, TestImage.Digest(content))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task An_upload_goes_on_after_a_break_where_parts_that_break_off_are_kept()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            Scenario.Options() with
            {
                KeepsBrokenParts = true,
                Faults =
                [
                    new ResetFault(FaultStep.UploadBlob)
                    {
                        Moment = FaultMoment.DuringBody,
                        AfterBytes = PartSize,
                        Times = 1,
                    },
                ],
            }
        );
        var content = new byte[2 * PartSize];
        Random.Shared.NextBytes(content);
        var upload = await StartUploadAsync(scene.Client);

        await FaultyRegistry.ShouldBeResetAsync(() => PatchAsync(scene.Client, upload, content));

        using var status = await scene.SendAsync(HttpMethod.Get, upload.AbsoluteUri);
        status.Headers.NonValidated["Range"].ToString().ShouldBe($"0-{PartSize - 1}");
        await PatchAsync(scene.Client, upload, content[PartSize..]);
        (await CompleteAsync(scene.Client, upload, TestImage.Digest(content))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
    }

    [Theory]
    [InlineData(FaultMoment.AfterBody, false)]
    [InlineData(FaultMoment.AfterEffect, true)]
    public async Task A_lost_answer_tells_nothing_about_the_effect(FaultMoment moment, bool isThere)
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new ResetFault(FaultStep.CompleteUpload) { Moment = moment }
        );
        var upload = await StartUploadAsync(scene.Client);
        await PatchAsync(scene.Client, upload, [1, 2, 3]);
        var digest = TestImage.Digest([1, 2, 3]);

        await FaultyRegistry.ShouldBeResetAsync(() => CompleteAsync(scene.Client, upload, digest));

        (await scene.HasAsync($"hello-api/blobs/{digest}")).ShouldBe(isThere);
    }

    [Theory]
    [InlineData(FaultStep.Connect, FaultMoment.BeforeBody)]
    [InlineData(FaultStep.UploadBlob, FaultMoment.BeforeBody)]
    [InlineData(FaultStep.UploadBlob, FaultMoment.DuringBody)]
    [InlineData(FaultStep.UploadBlob, FaultMoment.AfterBody)]
    [InlineData(FaultStep.UploadBlob, FaultMoment.AfterEffect)]
    public async Task A_stalled_request_lasts_until_the_client_gives_up(string step, FaultMoment moment)
    {
        await using var scene = await FaultyRegistry.StartAsync();
        var upload = await StartUploadAsync(scene.Client);
        var fault = new StallFault(step) { Moment = moment };
        scene.Emulator.Faults.Add(fault);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var patch = scene.Client.PatchAsync(upload, new ByteArrayContent(new byte[PartSize]), patience.Token);
        while (scene.Emulator.Faults.StrikesOf(fault) == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        await Task.Delay(100, Cancellation);
        patch.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(patch);
    }

    [Fact]
    public async Task A_body_of_undeclared_length_lacks_its_end()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new ResetFault(FaultStep.UploadBlob) { Moment = FaultMoment.DuringBody }
        );
        var upload = await StartUploadAsync(scene.Client);
        using var patch = new HttpRequestMessage(HttpMethod.Patch, upload) { Content = new ByteArrayContent([1, 2]) };
        patch.Headers.TransferEncodingChunked = true;

        await FaultyRegistry.ShouldBeResetAsync(() => scene.Client.SendAsync(patch, Cancellation));

        (
            await ErrorAsync(
                await CompleteAsync(scene.Client, upload, TestImage.Digest([1, 2])),
                HttpStatusCode.BadRequest
            )
        ).ShouldContain("does not have any parts");
    }
}
