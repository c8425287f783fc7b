using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Shows pushes in a terminal as progress bars, one per layer.</summary>
internal sealed class LiveProgress(ProgressContext context, int height)
{
    // The line of the prompt, and a line below the bars.
    private const int OtherLines = 2;

    private readonly Lock _turn = new();
    private readonly List<ProgressTask> _done = [];
    private int _shown;

    /// <summary>Shows bars while something runs.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<LiveProgress, Task<T>> run) =>
        console
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn
                {
                    CompletedStyle = new(Palette.Doubtful),
                    FinishedStyle = new(Palette.Good),
                    RemainingStyle = new(Palette.Faint),
                },
                new SizeColumn(),
                new StateColumn()
            )
            .StartAsync(context => run(new LiveProgress(context, console.Profile.Height)));

    /// <summary>The bars of one push.</summary>
    /// <param name="target">Its name, if there are several.</param>
    public IProgress<PushProgress> Observe(string? target) => new Bars(this, target is null ? "" : $"{target} ");

    private ProgressTask Add(string name, long total)
    {
        lock (_turn)
        {
            _shown++;
            HideWhatIsTooMuch();
            return context.AddTask(Markup.Escape(name), maxValue: total);
        }
    }

    private void Finish(ProgressTask bar)
    {
        lock (_turn)
        {
            bar.StopTask();
            _done.Add(bar);
            HideWhatIsTooMuch();
        }
    }

    /// <summary>A terminal does not scroll live output: completed bars make room for others.</summary>
    private void HideWhatIsTooMuch()
    {
        while (_shown > height - OtherLines && _done is [var first, ..])
        {
            first.HideWhenCompleted = true;
            _done.RemoveAt(0);
            _shown--;
        }
    }

    private sealed class Bars(LiveProgress all, string prefix) : IProgress<PushProgress>
    {
        private readonly Dictionary<string, ProgressTask> _layers = new(StringComparer.Ordinal);

        public void Report(PushProgress value)
        {
            var total = Math.Max(1, value.Total);
            if (!_layers.TryGetValue(value.LayerId, out var bar))
            {
                _layers[value.LayerId] = bar = all.Add(prefix + value.LayerId, total);
            }

            var wasMoving = bar.Tag is null or PushProgress { Status: LayerStatus.Pushing };
            bar.Tag = value;
            bar.MaxValue = total;
            bar.Value = value.Status is LayerStatus.Pushing ? value.Current : total;
            if (wasMoving && value.Status is not LayerStatus.Pushing)
            {
                all.Finish(bar);
            }
        }
    }

    /// <summary>How big a layer is, and how much of it is sent.</summary>
    private sealed class SizeColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var size = task.Tag is PushProgress { Total: > 0 and var total } ? ProgressLines.Size(total) : "";
            return new Text(task.IsFinished || size.Length == 0 ? size : $"{(int)task.Percentage}% of {size}");
        }
    }

    /// <summary>The status of a layer, or its speed and remaining time.</summary>
    private sealed class StateColumn : ProgressColumn
    {
        // As wide as its longest text, so that the bars do not move with each number.
        private const int Width = 26;

        protected override bool NoWrap => true;

        public override int? GetColumnWidth(RenderOptions options) => Width;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Tag is PushProgress layer ? Words(layer, task) : "") { Overflow = Overflow.Ellipsis };

        private static string Words(PushProgress layer, ProgressTask task) =>
            layer switch
            {
                { Status: LayerStatus.AlreadyExists } => "exists already",
                { Status: LayerStatus.Mounted } => "mounted",
                { Status: LayerStatus.Pushed } => "pushed",
                { Trouble: { } trouble } => trouble,
                _ when task.Value >= task.MaxValue => "waiting for the registry",
                _ when task.Speed is > 0 and var speed => Pace((long)speed, task.MaxValue - task.Value),
                _ => "",
            };

        private static string Pace(long bytesPerSecond, double bytes) =>
            bytesPerSecond == 0
                ? ""
                : $"{ProgressLines.Size(bytesPerSecond)}/s, {ProgressLines.Duration(TimeSpan.FromSeconds(bytes / bytesPerSecond))} left";
    }
}
