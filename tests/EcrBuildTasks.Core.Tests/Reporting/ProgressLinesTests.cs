using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class ProgressLinesTests
{
    private readonly Clock _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Each_layer_gets_one_line_when_it_is_done_with()
    {
        var lines = new ProgressLines(_lines.Add, target: null, _clock);

        lines.Report(new("1.0", "aaa", LayerStatus.Pushing, 0, 2_500_000));
        lines.Report(new("1.0", "aaa", LayerStatus.Pushed, 2_500_000, 2_500_000));
        lines.Report(new("1.0", "bbb", LayerStatus.AlreadyExists, 0, 10));
        lines.Report(new("1.0", "ccc", LayerStatus.Mounted, 0, 10));

        _lines.ShouldBe([
            "  1.0: layer aaa pushed (2.5 MB)",
            "  1.0: layer bbb exists already",
            "  1.0: layer ccc mounted from another repository",
        ]);
    }

    [Fact]
    public void A_long_push_tells_its_pace_every_few_seconds_and_not_a_thousand_times()
    {
        var lines = new ProgressLines(_lines.Add, target: null, _clock);

        for (var second = 0; second < 60; second++)
        {
            for (var report = 0; report < 4; report++)
            {
                lines.Report(new("1.0", "aaa", LayerStatus.Pushing, second * 10_000_000L, 1_000_000_000));
            }

            _clock.Now += TimeSpan.FromSeconds(1);
        }

        _lines.Count.ShouldBe(11);
        _lines[0].ShouldBe("  1.0: 50.0 MB of 1.00 GB, 10.0 MB/s, about 1 min 35 s left");
    }

    [Fact]
    public void Trouble_names_the_layer_and_with_several_registries_each_line_its_registry()
    {
        var lines = new ProgressLines(_lines.Add, "eu.example", _clock);

        lines.Report(
            new("1.0", "aaa", LayerStatus.Pushing, 5, 10) { Trouble = "Connection reset. Retrying in 0.5 s." }
        );

        _lines.ShouldBe(["  eu.example 1.0: layer aaa: Connection reset. Retrying in 0.5 s."]);
    }

    [Fact]
    public void The_totals_tell_what_was_sent_of_what_and_how_and_by_whom()
    {
        var image = new ImageReference(EcrRegistry.Create("444455556666", "eu-west-1"), "app", ["1"]);
        var pushed = new PushedImage
        {
            Digest = "sha256:abc",
            Tags = ["1"],
            SizeInBytes = 120_000_000,
            PushedBytes = 1_500,
            Platforms = ["linux/amd64", "linux/arm64"],
            Layers = [new("a", LayerStatus.Pushed, 1_500), new("b", LayerStatus.AlreadyExists, 0)],
        };

        var result = new PushResult(
            image,
            "host",
            pushed,
            "without an engine",
            TimeSpan.FromMilliseconds(1234),
            new("arn:aws:iam::111122223333:user/ada", "111122223333", "AIDAEXAMPLE"),
            "profile dev"
        );

        PushLines
            .Describe(result)
            .ShouldBe([
                "linux/amd64, linux/arm64, 2 KB sent of 120.0 MB, 1 of 2 layers existed already, 1.2 s, without an engine",
                "Caller: arn:aws:iam::111122223333:user/ada, with credentials from profile dev",
            ]);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
