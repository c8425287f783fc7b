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
    public void Each_layer_gets_one_line_when_it_is_complete()
    {
        var lines = new ProgressLines(_lines.Add, _ => { }, target: null, _clock);

        lines.Report(new("1.0", "aaa", LayerStatus.Pushing, 0, 2_500_000));
        lines.Report(new("1.0", "aaa", LayerStatus.Pushed, 2_500_000, 2_500_000));
        lines.Report(new("1.0", "bbb", LayerStatus.AlreadyExists, 0, 10));
        lines.Report(new("1.0", "ccc", LayerStatus.Mounted, 0, 10));

        _lines.Select(line => line.Split(' ')[4]).ShouldBe(["aaa", "bbb", "ccc"]);
    }

    [Fact]
    public void A_long_push_reports_its_speed_every_few_seconds()
    {
        var lines = new ProgressLines(_ => Assert.Fail("No layer is complete."), _lines.Add, target: null, _clock);

        for (var second = 0; second < 60; second++)
        {
            for (var report = 0; report < 4; report++)
            {
                lines.Report(new("1.0", "aaa", LayerStatus.Pushing, second * 10_000_000L, 1_000_000_000));
            }

            _clock.Now += TimeSpan.FromSeconds(1);
        }

        _lines.Count.ShouldBe(5);
        _lines[0].ShouldMatch(@"100\.0 MB .*1\.00 GB.* 10\.0 MB/s.* 1 min 30 s");
    }

    [Fact]
    public void Trouble_names_the_layer_and_with_several_registries_each_line_its_registry()
    {
        var lines = new ProgressLines(_ => { }, _lines.Add, "eu.example", _clock);

        lines.Report(
            new("1.0", "aaa", LayerStatus.Pushing, 5, 10) { Trouble = "Connection reset. Retrying in 0.5 s." }
        );

        _lines.ShouldHaveSingleItem().ShouldStartWith("  eu.example 1.0: layer aaa: ");
    }

    [Fact]
    public void The_totals_have_bytes_layers_time_and_caller()
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

        var lines = PushLines.Describe(result).ToList();
        lines[0].ShouldMatch(@"^linux/amd64, linux/arm64, 2 KB .* 120\.0 MB, 1 of 2 layers .*, 1\.2 s, ");
        lines[1].ShouldMatch("arn:aws:iam::111122223333:user/ada, .*profile dev$");
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
