using System.Net;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests.Faults;

/// <summary>The same faults before a registry that is nobody's emulation.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private DockerRegistry registry = null!;
    private FaultProxy proxy = null!;
    private HttpClient client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        registry = (await DockerRegistry.StartAsync(cancellationToken: Cancellation)).OrSkip(DockerRegistry.Name);
        proxy = await FaultProxy.StartAsync(new Uri($"http://{registry.Host}/"), cancellationToken: Cancellation);
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(proxy.Endpoint, "v2/"),
        };
        client.DefaultRequestHeaders.ConnectionClose = true;
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (proxy is not null)
        {
            await proxy.DisposeAsync();
        }

        if (registry is not null)
        {
            await registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_push_goes_through_it_and_is_written_down_in_order()
    {
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        var digest = TestImage.Digest(content);

        var upload = await StartUploadAsync(client);
        upload.Authority.ShouldBe(proxy.Host);
        using var sent = await PatchAsync(client, upload, content);
        sent.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var completed = await client.PutAsync(
            new Uri($"{sent.Headers.Location}&digest={digest}"),
            content: null,
            Cancellation
        );
        var read = await client.GetByteArrayAsync(Relative($"hello-api/blobs/{digest}"), Cancellation);

        completed.StatusCode.ShouldBe(HttpStatusCode.Created);
        read.ShouldBe(content);
        proxy
            .Requests.Select(request => (request.Method, request.BodyBytes, request.Status))
            .ShouldBe([("POST", 0, 202), ("PATCH", content.Length, 202), ("PUT", 0, 201), ("GET", 0, 200)]);
        proxy.Requests[1].Path.ShouldBe(upload.AbsolutePath);
        proxy.Requests.CountRoundTrips().ShouldBe(4);
        proxy.Requests.CountConcurrent().ShouldBe(1);
    }

    [Fact]
    public async Task Requests_at_once_are_one_round_trip()
    {
        proxy.Faults.Add(new DelayFault(FaultStep.HeadBlob, TimeSpan.FromMilliseconds(300)));

        await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(i =>
                    client.SendAsync(
                        new(HttpMethod.Head, $"hello-api/blobs/{TestImage.Digest([(byte)i])}"),
                        Cancellation
                    )
                )
        );

        proxy.Requests.CountRoundTrips().ShouldBe(1);
        proxy.Requests.CountConcurrent().ShouldBe(3);
    }

    [Fact]
    public async Task What_came_before_a_break_is_written_down()
    {
        const int Before = 1_000_000;
        proxy.Faults.Add(
            new ResetFault(FaultStep.UploadBlob)
            {
                Moment = FaultMoment.DuringBody,
                AfterBytes = Before,
                Times = 1,
            }
        );
        var upload = await StartUploadAsync(client);

        await FaultyRegistry.ShouldBeResetAsync(() => PatchAsync(client, upload, new byte[3 * Before]));

        var broken = proxy.Requests[1];
        (broken.Method, broken.BodyBytes, broken.Status).ShouldBe(("PATCH", Before, 0));
        // This registry gives an upload up whose part broke off.
        (await client.GetAsync(upload, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_lost_answer_to_a_completed_upload_leaves_the_blob_there()
    {
        proxy.Faults.Add(new ResetFault(FaultStep.CompleteUpload) { Moment = FaultMoment.AfterEffect });
        var upload = await StartUploadAsync(client);
        using var sent = await PatchAsync(client, upload, [1, 2, 3]);
        var digest = TestImage.Digest([1, 2, 3]);

        await FaultyRegistry.ShouldBeResetAsync(() =>
            client.PutAsync(new Uri($"{sent.Headers.Location}&digest={digest}"), content: null, Cancellation)
        );

        using var head = new HttpRequestMessage(HttpMethod.Head, $"hello-api/blobs/{digest}");
        (await client.SendAsync(head, Cancellation)).Content.Headers.ContentLength.ShouldBe(3);
    }

    [Fact]
    public async Task It_is_told_of_credentials_that_follow_a_redirect()
    {
        await using var elsewhere = await FaultProxy.StartAsync(proxy.Server, cancellationToken: Cancellation);
        proxy.Faults.Add(new RedirectFault(FaultStep.Ping, elsewhere.Endpoint));
        using var ping = new HttpRequestMessage(HttpMethod.Get, "");
        ping.Headers.Authorization = new("Basic", "c2VjcmV0");

        (await client.SendAsync(ping, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        proxy.Requests.Single().IsAuthorized.ShouldBeTrue();
        elsewhere.Requests.Single().IsAuthorized.ShouldBeFalse();
    }
}
