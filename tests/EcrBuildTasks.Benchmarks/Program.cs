using System.Diagnostics;
using EcrBuildTasks.Benchmarks;
using EcrBuildTasks.Benchmarks.Commands;
using EcrBuildTasks.Benchmarks.Pushes;
using EcrBuildTasks.Benchmarks.Pushes.Parts;
using EcrBuildTasks.RealParts;

switch (args)
{
    case ["policies"]:
        await PolicyEvaluation.ReportAsync();
        return;
    case ["tool", .. var settings]:
        await ToolBenchmarks.ReportAsync(settings, RepositoryRoot());
        return;
    case ["pushes", .. var parts]:
        await PushBenchmarks.ReportAsync(parts);
        return;
    case [HugePushProcess.Command, .. var job]:
        await HugePushProcess.RunAsync(job);
        return;
}

// Each figure stands beside that of a named peer, taken in turns in the same run, in seconds.
var rounds = args is [var given, ..] ? int.Parse(given) : 5;
await using var engine =
    await DockerEngine.FindOrStartAsync() ?? throw new InvalidOperationException(DockerEngine.Name + " is missing.");
await using var emulator = await BenchmarkedProject.StartEmulatorAsync();
var folder = Directory.CreateTempSubdirectory("ecr-bench-");
try
{
    var feed = folder.CreateSubdirectory("feed").FullName;
    var version = $"0.0.0-bench.{Environment.ProcessId}";
    (
        await Cli.RunAsync(
            "dotnet",
            [
                "pack",
                Path.Combine(RepositoryRoot(), "src", "EcrBuildTasks"),
                "-o",
                feed,
                $"-p:MinVerVersionOverride={version}",
            ]
        )
    ).EnsureSuccess();
    var ours = await new BenchmarkedProject(emulator, engine, folder.CreateSubdirectory("with")).WriteAsync(
        feed,
        version
    );
    var plain = await new BenchmarkedProject(emulator, engine, folder.CreateSubdirectory("without")).WriteAsync(
        feed,
        null
    );

    await ReportAsync(
        "dotnet publish /t:PushToEcr until its denial",
        () => ours.SecondsUntilAsync("error ECR2002", "AKIADENIED", "publish", "/t:PushToEcr"),
        "dotnet msbuild -getProperty:TargetFramework",
        () => Timed(() => ours.RunAsync("dotnet", "msbuild", "-getProperty:TargetFramework"))
    );
    await ReportAsync(
        "dotnet publish /t:PushToEcr until its denial",
        () => ours.SecondsUntilAsync("error ECR2002", "AKIADENIED", "publish", "/t:PushToEcr"),
        "dotnet publish without the package until its first build step",
        () => plain.SecondsUntilAsync("Stopped", "AKIADENIED", "publish", "-p:StopAtOnce=true")
    );
    await ReportAsync(
        "evaluation with the package, in a process of many",
        ours.EvaluateAsync,
        "evaluation without the package",
        plain.EvaluateAsync
    );
    await ReportAsync(
        "dotnet msbuild -getProperty:TargetFramework with the package",
        () => Timed(() => ours.RunAsync("dotnet", "msbuild", "-getProperty:TargetFramework")),
        "without the package",
        () => Timed(() => plain.RunAsync("dotnet", "msbuild", "-getProperty:TargetFramework")),
        rounds * 4
    );

    await ours.LoginAsync();
    await ReportAsync(
        "dotnet publish /t:PushToEcr",
        () => EditedAsync(() => ours.RunAsync("dotnet", "publish", "/t:PushToEcr", "-p:EcrImageTags=ours")),
        "dotnet publish /t:PublishContainer, docker tag, docker push",
        () =>
            EditedAsync(async () =>
            {
                (
                    await ours.RunAsync("dotnet", "publish", "/t:PublishContainer", "-p:ContainerImageTag=peer")
                ).EnsureSuccess();
                (await ours.RunAsync("docker", "tag", "bench:peer", $"{ours.Registry}/bench:peer")).EnsureSuccess();
                return await ours.RunAsync("docker", "push", $"{ours.Registry}/bench:peer");
            })
    );

    async Task<double> EditedAsync(Func<Task<CliResult>> run)
    {
        await ours.EditAsync();
        return await Timed(run);
    }
}
finally
{
    folder.Delete(recursive: true);
}

async Task ReportAsync(string name, Func<Task<double>> run, string peer, Func<Task<double>> runPeer, int? times = null)
{
    var (mine, theirs) = (new List<double>(), new List<double>());
    await run();
    await runPeer();
    for (var round = 0; round < (times ?? rounds); round++)
    {
        mine.Add(await run());
        theirs.Add(await runPeer());
    }

    Console.WriteLine(name);
    Console.WriteLine($"  against {peer}");
    Tell("median", Median);
    // On a machine that does other things too, the least is what each can do.
    Tell("least", Enumerable.Min);

    void Tell(string kind, Func<List<double>, double> figure)
    {
        var (own, other) = (figure(mine), figure(theirs));
        Console.WriteLine(
            $"  {kind}: {own:F4} against {other:F4}, difference {own - other:F4}, ratio {own / other:F2}"
        );
    }
}

static async Task<double> Timed(Func<Task<CliResult>> run)
{
    var watch = Stopwatch.StartNew();
    (await run()).EnsureSuccess();
    return watch.Elapsed.TotalSeconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string RepositoryRoot()
{
    var folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "EcrBuildTasks.sln")))
    {
        folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run it inside the repository.");
    }

    return folder;
}
