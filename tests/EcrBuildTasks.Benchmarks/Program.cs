using System.Diagnostics;
using EcrBuildTasks.Benchmarks;
using EcrBuildTasks.RealParts;

if (args is ["policies"])
{
    await PolicyEvaluation.ReportAsync();
    return;
}

// Each figure stands beside that of a named peer, taken in turns in the same run; medians, in seconds.
var rounds = args is [var given, ..] ? int.Parse(given) : 5;
await using var engine =
    await DockerEngine.FindOrStartAsync() ?? throw new InvalidOperationException(DockerEngine.HowToGetOne);
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
        "evaluation with the package",
        () => Timed(() => ours.RunAsync("dotnet", "msbuild", "-getProperty:TargetFramework")),
        "evaluation without the package",
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

    Console.WriteLine($"{name}: {Median(mine):F3}");
    Console.WriteLine($"  {peer}: {Median(theirs):F3}");
    Console.WriteLine($"  difference {Median(mine) - Median(theirs):F3}, ratio {Median(mine) / Median(theirs):F2}");
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
