using System.Net;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests.Faults;

public sealed class FaultPlanTests : IDisposable
{
    private readonly Home home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Faults_with_a_number_of_times_are_a_script()
    {
        var late = new RefusalFault(FaultStep.Ping, 500) { After = 1, Times = 1 };
        var next = new RefusalFault(FaultStep.Ping, 503) { Times = 2 };
        await using var scene = await FaultyRegistry.StartAsync(late, next);

        var statuses = new List<int>();
        for (var request = 0; request < 5; request++)
        {
            statuses.Add((int)(await scene.SendAsync(HttpMethod.Get, "")).StatusCode);
        }

        statuses.ShouldBe([503, 500, 503, 200, 200]);
        scene.Emulator.Faults.Tallies.ShouldBe([
            new(late, Requests: 5, Strikes: 1),
            new(next, Requests: 4, Strikes: 2),
        ]);
    }

    [Fact]
    public async Task A_fault_strikes_as_often_as_it_shall_whoever_asks()
    {
        var fault = new RefusalFault(FaultStep.Ping, 500) { Times = 7 };
        await using var scene = await FaultyRegistry.StartAsync(fault);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scene.SendAsync(HttpMethod.Get, "")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.InternalServerError).ShouldBe(7);
    }

    [Fact]
    public async Task A_cleared_plan_strikes_no_more()
    {
        await using var scene = await FaultyRegistry.StartAsync(new RefusalFault(FaultStep.Any, 500));
        (await scene.SendAsync(HttpMethod.Get, "")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

        scene.Emulator.Faults.Clear();

        (await scene.SendAsync(HttpMethod.Get, "")).StatusCode.ShouldBe(HttpStatusCode.OK);
        scene.Emulator.Faults.Tallies.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delay_and_a_bandwidth_slow_down_what_then_succeeds()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new DelayFault(FaultStep.UploadBlob, TimeSpan.FromMilliseconds(200)),
            new BandwidthFault(FaultStep.UploadBlob, BytesPerSecond: 1_000_000)
        );
        var upload = await StartUploadAsync(scene.Client);
        var started = TimeProvider.System.GetTimestamp();

        using var response = await PatchAsync(scene.Client, upload, new byte[300_000]);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(490));
    }

    [Fact]
    public async Task A_file_names_faults()
    {
        var options = Load(
            """
            {
              "faults": [
                { "kind": "delay", "step": "Any", "delay": "00:00:00.01" },
                { "step": "Ping", "kind": "refusal", "status": 429, "retryAfter": "00:00:02", "times": 1 },
                { "kind": "reset", "step": "UploadBlob", "moment": "DuringBody", "afterBytes": 1000 },
                { "kind": "stall", "step": "GetAuthorizationToken", "moment": "AfterBody" },
                { "kind": "declinedMount", "step": "MountBlob" },
                { "kind": "laggingLayers", "step": "PutManifestByTag", "times": 2 },
                { "kind": "redirect", "step": "Ping", "target": "http://127.0.0.2/" }
              ]
            }
            """
        );

        await using var emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);

        emulator
            .Faults.Tallies.Select(tally => tally.Fault)
            .ShouldBe([
                new DelayFault(FaultStep.Any, TimeSpan.FromMilliseconds(10)),
                new RefusalFault(FaultStep.Ping, 429) { RetryAfter = TimeSpan.FromSeconds(2), Times = 1 },
                new ResetFault(FaultStep.UploadBlob) { Moment = FaultMoment.DuringBody, AfterBytes = 1000 },
                new StallFault("GetAuthorizationToken") { Moment = FaultMoment.AfterBody },
                new DeclinedMountFault(),
                new LaggingLayersFault(FaultStep.PutManifestByTag) { Times = 2 },
                new RedirectFault(FaultStep.Ping, new Uri("http://127.0.0.2/")),
            ]);
    }

    [Theory]
    [InlineData("""{ "kind": "reset", "step": "UploadBlub" }""", "'UploadBlub'")]
    [InlineData("""{ "kind": "reset" }""", "Step")]
    [InlineData("""{ "kind": "reset", "step": "Ping", "times": 0 }""", "Times must")]
    [InlineData("""{ "kind": "reset", "step": "Ping", "after": -1 }""", "After must")]
    [InlineData("""{ "kind": "reset", "step": "Ping", "afterBytes": 1 }""", "Moment")]
    [InlineData("""{ "kind": "refusal", "step": "Connect", "status": 500 }""", "Connect")]
    [InlineData("""{ "kind": "refusal", "step": "Ping" }""", "Status must")]
    [InlineData("""{ "kind": "redirect", "step": "Ping" }""", "Target must")]
    [InlineData("""{ "kind": "laggingLayers", "step": "UploadBlob" }""", "PutManifest")]
    [InlineData("""{ "kind": "bandwidth", "step": "Ping" }""", "BytesPerSecond must")]
    [InlineData("""{ "kind": "earthquake", "step": "Ping" }""", "earthquake")]
    [InlineData("""{ "step": "Ping" }""", "emulator.json")]
    public async Task A_fault_that_contradicts_itself_is_refused(string fault, string says)
    {
        var error = await Should.ThrowAsync<EmulatorConfigurationException>(async () =>
        {
            await using var emulator = await EcrEmulator.StartAsync(
                Load($$"""{ "faults": [{{fault}}] }"""),
                TestContext.Current.CancellationToken
            );
        });

        error.Message.ShouldContain(says);
    }

    private EmulatorOptions Load(string json)
    {
        var file = home.PathOf("emulator.json");
        File.WriteAllText(file, json);
        return EmulatorOptions.Load(file);
    }
}
