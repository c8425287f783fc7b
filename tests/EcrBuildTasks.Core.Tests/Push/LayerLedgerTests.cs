using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Push;

public sealed class LayerLedgerTests
{
    [Fact]
    public void Progress_within_a_status_is_passed_on_a_few_times_a_second_and_every_change_of_status_at_once()
    {
        var clock = new Clock();
        var recorder = new Recorder();
        var ledger = new LayerLedger(recorder, clock);

        for (var sent = 0; sent <= 1000; sent += 10)
        {
            ledger.Record("1.0", "abc", LayerStatus.Pushing, sent, 1000);
            clock.Now += TimeSpan.FromMilliseconds(10);
        }

        ledger.Record("1.0", "abc", LayerStatus.Pushed, 0, 0);

        recorder.Reports.Count.ShouldBe(6);
        recorder.Reports[^1].ShouldBe(new PushProgress("1.0", "abc", LayerStatus.Pushed, 1000, 1000));
        ledger.Layers.ShouldBe([new PushedLayer("abc", LayerStatus.Pushed, 1000)]);
    }

    [Fact]
    public void Credentials_never_show_their_password() =>
        new RegistryCredentials("registry.example", "AWS", "a-secret").ToString().ShouldBe("AWS:***");

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
