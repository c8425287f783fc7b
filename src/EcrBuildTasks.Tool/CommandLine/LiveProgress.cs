using EcrBuildTasks.Push;
using Spectre.Console;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Pushes as bars, one for each layer, for somebody who looks on.</summary>
internal sealed class LiveProgress(ProgressContext context)
{
    /// <summary>Shows bars while something runs.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<LiveProgress, Task<T>> run) =>
        console
            .Progress()
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new DownloadedColumn { Base = FileSizeBase.Decimal },
                new TransferSpeedColumn { Base = FileSizeBase.Decimal },
                new RemainingTimeColumn()
            )
            .StartAsync(context => run(new LiveProgress(context)));

    /// <summary>The bars of one push.</summary>
    /// <param name="target">Its name, where there are several.</param>
    public IProgress<PushProgress> Of(string? target) => new Bars(context, target);

    private sealed class Bars(ProgressContext context, string? target) : IProgress<PushProgress>
    {
        private readonly Dictionary<string, ProgressTask> _layers = new(StringComparer.Ordinal);

        public void Report(PushProgress value)
        {
            if (!_layers.TryGetValue(value.LayerId, out var bar))
            {
                _layers[value.LayerId] = bar = context.AddTask(
                    Markup.Escape(target is null ? value.LayerId : $"{target} {value.LayerId}"),
                    maxValue: Math.Max(1, value.Total)
                );
            }

            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Current;
            if (value.Status is not LayerStatus.Pushing)
            {
                bar.Value = bar.MaxValue;
                bar.Description = Markup.Escape(
                    $"{(target is null ? "" : $"{target} ")}{value.LayerId} {Word(value.Status)}"
                );
                bar.StopTask();
            }
        }

        private static string Word(LayerStatus status) =>
            status switch
            {
                LayerStatus.AlreadyExists => "there already",
                LayerStatus.Mounted => "mounted",
                _ => "pushed",
            };
    }
}
