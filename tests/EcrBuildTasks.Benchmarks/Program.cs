using EcrBuildTasks.Benchmarks;
using EcrBuildTasks.Benchmarks.Commands;
using EcrBuildTasks.Benchmarks.Pushes;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Parts;
using EcrBuildTasks.RealParts;

switch (args)
{
    case ["policies"]:
        await PolicyEvaluation.ReportAsync();
        return;
    case ["tool", .. var settings]:
        await ToolBenchmarks.ReportAsync(settings);
        return;
    case ["publish", .. var settings]:
        await PublishBenchmarks.ReportAsync(settings);
        return;
    case ["pushes", .. var parts]:
        await PushBenchmarks.ReportAsync(parts);
        return;
    case [HugePushProcess.Command, .. var job]:
        await HugePushProcess.RunAsync(job);
        return;
}

// Each figure stands beside that of a named peer, taken in turns in the same run.
var rounds = args is [var given, ..] ? int.Parse(given) : 5;
await using var engine =
    await DockerEngine.FindOrStartAsync() ?? throw new InvalidOperationException(DockerEngine.Name + " is missing.");
await using var emulator = await BenchmarkedProject.StartEmulatorAsync();
var folder = Directory.CreateTempSubdirectory("ecr-bench-");
try
{
    var feed = folder.CreateSubdirectory("feed").FullName;
    var ours = await Project("with").WriteAsync(feed, await BenchmarkedProject.PackAsync(feed));
    var plain = await Project("without").WriteAsync(feed, null);

    await ReportAsync(
        "dotnet publish /t:PushToEcr until its denial",
        () => UntilAsync(ours, "error ECR2002", "/t:PushToEcr"),
        "dotnet msbuild -getProperty:TargetFramework",
        () => TimeAsync(ours, "msbuild", "-getProperty:TargetFramework")
    );
    await ReportAsync(
        "dotnet publish /t:PushToEcr until its denial",
        () => UntilAsync(ours, "error ECR2002", "/t:PushToEcr"),
        "dotnet publish without the package until its first build step",
        () => UntilAsync(plain, "Stopped", "-p:StopAtOnce=true")
    );
    await ReportAsync(
        "evaluation with the package, in a process of many",
        ours.EvaluateAsync,
        "evaluation without the package",
        plain.EvaluateAsync
    );
    await ReportAsync(
        "dotnet msbuild -getProperty:TargetFramework with the package",
        () => TimeAsync(ours, "msbuild", "-getProperty:TargetFramework"),
        "without the package",
        () => TimeAsync(plain, "msbuild", "-getProperty:TargetFramework"),
        rounds * 4
    );

    await ours.LoginAsync();
    await ReportAsync(
        "dotnet publish /t:PushToEcr",
        async () =>
        {
            await ours.EditAsync();
            return await TimeAsync(ours, "publish", "/t:PushToEcr", "-p:EcrImageTags=ours");
        },
        "dotnet publish /t:PublishContainer, docker tag, docker push",
        async () =>
        {
            await ours.EditAsync();
            return await TimeAsync(ours, "publish", "/t:PublishContainer", "-p:ContainerImageTag=peer")
                + (await ours.RunAsync("docker", "tag", "bench:peer", $"{ours.Registry}/bench:peer"))
                    .EnsureSuccess()
                    .Elapsed
                + (await ours.RunAsync("docker", "push", $"{ours.Registry}/bench:peer")).EnsureSuccess().Elapsed;
        }
    );
}
finally
{
    folder.Delete(recursive: true);
}

BenchmarkedProject Project(string name) =>
    new(emulator.Endpoint, engine.Endpoint.ToString(), folder.CreateSubdirectory(name));

async Task ReportAsync(
    string name,
    Func<Task<TimeSpan>> run,
    string peer,
    Func<Task<TimeSpan>> runPeer,
    int? times = null
)
{
    var series = await Rounds.RunAsync(times ?? rounds, ("ours", run), ("peer", runPeer));
    Report.Heading(name);
    Report.Note($"against {peer}");
    Report.Seconds(series[0]);
    Report.Seconds(series[1]);
    Report.Ratio(series[0], series[1], goal: null);
}

static async Task<TimeSpan> TimeAsync(BenchmarkedProject project, params string[] arguments) =>
    (await project.RunAsync("dotnet", arguments)).EnsureSuccess().Elapsed;

static async Task<TimeSpan> UntilAsync(BenchmarkedProject project, string text, string argument) =>
    (await project.RunUntilAsync(text, "AKIADENIED", "publish", argument)).Seen;
