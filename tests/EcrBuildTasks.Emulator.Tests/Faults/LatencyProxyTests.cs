using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests.Faults;

public sealed class LatencyProxyTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task A_request_on_a_new_connection_takes_its_round_trips(bool delaysConnect, int roundTrips)
    {
        await using var emulator = await Scenario.StartAsync();
        await using var proxy = LatencyProxy.Start(emulator.Endpoint, Latency, delaysConnect);
        using var client = Client(proxy);
        var started = TimeProvider.System.GetTimestamp();

        await client.GetAsync(Relative("v2/"), Cancellation);
        await client.GetAsync(Relative("v2/"), Cancellation);

        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThanOrEqualTo(roundTrips * 2 * Latency);
        proxy.Connections.ShouldBe(1);
        proxy.Exchanges.CountRoundTrips().ShouldBe(2);
    }

    [Fact]
    public async Task Bytes_follow_each_other_without_waiting_for_the_far_end()
    {
        await using var scene = await FaultyRegistry.StartAsync();
        await using var proxy = LatencyProxy.Start(scene.Emulator.Endpoint, Latency);
        using var client = Client(proxy);
        client.DefaultRequestHeaders.Authorization = scene.Client.DefaultRequestHeaders.Authorization;
        var upload = await StartUploadAsync(scene.Client);
        var content = new byte[40_000_000];
        Random.Shared.NextBytes(content);

        using var sent = await PatchAsync(client, new Uri(proxy.Endpoint, upload.PathAndQuery), content);

        (await CompleteAsync(scene.Client, upload, TestImage.Digest(content))).EnsureSuccessStatusCode();
        // Chunks that waited for each other would make hundreds.
        proxy.Exchanges.CountRoundTrips().ShouldBe(1);
    }

    [Fact]
    public async Task A_reset_at_the_far_end_is_one_at_this_end()
    {
        await using var scene = await FaultyRegistry.StartAsync(new ResetFault(FaultStep.Ping));
        await using var proxy = LatencyProxy.Start(scene.Emulator.Endpoint, Latency);
        using var client = Client(proxy);

        await FaultyRegistry.ShouldBeResetAsync(() => client.GetAsync(Relative("v2/"), Cancellation));
    }

    private static HttpClient Client(LatencyProxy proxy) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = proxy.Endpoint };
}
