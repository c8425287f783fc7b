using EcrBuildTasks.Projects;
using EcrBuildTasks.Settings;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>The preflight: fails the build before it compiles when the push would be forbidden.</summary>
public sealed class CheckEcrPush : EcrTask
{
    /// <summary>
    /// Whether the task waits for the answer and reports it. One that does not wait begins, for the one in the same build that does.
    /// </summary>
    public bool Wait { get; set; } = true;

    /// <summary>Whether nothing is left to build or push, since every registry has the tags.</summary>
    [Output]
    public bool IsSkipped { get; set; }

    /// <summary>The tags of the image, as far as they are known.</summary>
    [Output]
    public string[] ImageTags { get; set; } = [];

    /// <summary>The files that the push will write, for <c>FileWrites</c>.</summary>
    [Output]
    public ITaskItem[] Files { get; set; } = [];

    private object Key =>
        ("EcrBuildTasks.Preflight", Project.ProjectFile, Project["ResultDirectory"], EnvironmentVariables);

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (Wait)
        {
            return base.Execute();
        }

        BuildEngine4.RegisterTaskObject(
            Key,
            new RunningPreflight(Project, Settings, EnvironmentVariables, new(Identities())),
            RegisteredTaskObjectLifetime.Build,
            allowEarlyCollection: false
        );
        return true;
    }

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        foreach (var request in requests)
        {
            FolderOf(request, requests).Clear();
        }

        Files =
        [
            .. requests
                .SelectMany(request => FolderOf(request, requests).Files)
                .Append(Path.Combine(Project["ResultDirectory"]!, "image.tar.gz"))
                .Select(file => new TaskItem(file)),
        ];
        Reporter.Report(Settings.Check());
        if (Log.HasLoggedErrors)
        {
            return;
        }

        ImageTags = [.. requests[0].Tags];
        using var preflight =
            BuildEngine4.UnregisterTaskObject(Key, RegisteredTaskObjectLifetime.Build) as RunningPreflight
            ?? new(Project, Settings, EnvironmentVariables, pipeline);
        var outcomes = await preflight.WaitAsync(cancellationToken);
        IsSkipped = outcomes.All(outcome => outcome is { Succeeded: true, Skipped: not null });
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            Reporter.Report(outcome, FolderOf(request, requests));
            if (IsSkipped)
            {
                Reporter.Report(Output(outcome.Skipped!), FolderOf(request, requests));
            }
            else
            {
                Reporter.ReportVerdict(outcome);
            }
        }
    }

    /// <summary>A preflight that runs beside the build, and not after it.</summary>
    private sealed class RunningPreflight : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task<PreflightOutcome[]> _outcomes;

        public RunningPreflight(
            ProjectRequest project,
            ProjectSettings settings,
            EnvironmentVariables environmentVariables,
            PushPipeline pipeline
        )
        {
            var end = _end.Token;
            _outcomes = Task.Run(StartAsync, end);

            // The task that waits reports what is wrong with the properties.
            Task<PreflightOutcome[]> StartAsync() =>
                Task.WhenAll(
                    project
                        .Read(environmentVariables, _ => { })
                        .Select(request => request with { TagsMayChange = settings.VersionMayChange })
                        .Select(request => Task.Run(() => pipeline.PreflightAsync(request, end), end))
                );
        }

        public async Task<PreflightOutcome[]> WaitAsync(CancellationToken cancellationToken)
        {
            await using var registration = cancellationToken.Register(_end.Cancel);
            return await _outcomes;
        }

        public void Dispose()
        {
            _end.Cancel();
            _end.Dispose();
        }
    }
}
