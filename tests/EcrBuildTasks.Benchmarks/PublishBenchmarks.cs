using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks;

/// <summary>
/// <c>dotnet publish /t:PushToEcr</c> without an engine, preflight included, beside the .NET SDK's own push of the same web
/// service into the same docker-registry. Needs Linux and, from Debian or Ubuntu, docker-registry.
/// <code>
/// dotnet run --project tests/EcrBuildTasks.Benchmarks -c Release -- publish [ROUNDS] [--self-contained] [--delay]
/// </code>
/// With <c>--delay</c>, the registries and the API are 50 ms away, over lines of 50 Mbit/s.
/// </summary>
internal static class PublishBenchmarks
{
    private const string Published = "The target Publish has ended";

    private static readonly string[] Packages =
    [
        "AWSSDK.SecurityToken",
        "Docker.DotNet.Enhanced",
        "NuGet.Versioning",
        "Polly.Core",
        "Spectre.Console",
    ];

    public static async Task ReportAsync(string[] arguments)
    {
        string[] settings = ["--self-contained", "--delay"];
        var rounds = arguments.Except(settings, StringComparer.Ordinal).ToArray() switch
        {
            [] => 5,
            [var given] => int.Parse(given),
            _ => throw new InvalidOperationException($"publish [ROUNDS] {string.Join(' ', settings)}"),
        };
        var isSelfContained = arguments.Contains(settings[0], StringComparer.Ordinal);
        var isFar = arguments.Contains(settings[1], StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("ecr-bench-publish-");
        try
        {
            await using var baseRegistry = await StartRegistryAsync();
            await using var registry = await StartRegistryAsync();
            await using var emulator = await BenchmarkedProject.StartEmulatorAsync(
                repositories: Enumerable.Range(0, rounds + 1).Select(round => $"ours/round-{round}")
            );
            await using var baseLine = Line(baseRegistry.Client.BaseAddress!);
            await using var line = Line(registry.Client.BaseAddress!);
            await using var apiLine = Line(emulator.Endpoint);
            emulator.Faults.Add(
                new AnswerFault("GetAuthorizationToken", 200, AuthorizationFor(line), "application/x-amz-json-1.1")
            );
            await OurPush
                .OfLayout(await new BenchmarkImages(folder.CreateSubdirectory("images")).BaseAsync())
                .PushAsync(baseRegistry.Host, "base");

            var feed = folder.CreateSubdirectory("feed").FullName;
            var version = await BenchmarkedProject.PackAsync(feed);
            Publisher ours = new(
                "ours",
                await Project("ours").WriteAsync(feed, version),
                line,
                baseLine,
                ["/t:PushToEcr", "-p:EcrPushMode=Registry", "-p:EcrImageTags=1"]
            );
            Publisher sdk = new(
                "sdk",
                await Project("sdk").WriteAsync(feed, null),
                line,
                baseLine,
                ["/t:PublishContainer", $"-p:ContainerRegistry={line.Host}", "-p:ContainerImageTag=1"]
            );
            await ReportAsync(ours, sdk, rounds, isSelfContained, isFar);

            BenchmarkedProject Project(string name) =>
                new(new($"http://{apiLine.Host}"), "unix:///no-engine", folder.CreateSubdirectory(name))
                {
                    BaseImage = $"{baseLine.Host}/base:1",
                    Extension = Extension(isSelfContained),
                };
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        CountingProxy Line(Uri server) =>
            isFar
                ? new(server, TimeSpan.FromMilliseconds(50), 50e6 / 8)
                : new(server, TimeSpan.Zero, double.PositiveInfinity);
    }

    private static async Task ReportAsync(Publisher ours, Publisher sdk, int rounds, bool isSelfContained, bool isFar)
    {
        var situations = Enum.GetValues<Situation>();
        var results = await Rounds.RunAsync(
            rounds,
            [
                .. situations.SelectMany(situation =>
                    new[] { ours, sdk }.Select(publisher =>
                        (Func<Task<PublishFigures>>)(() => publisher.RunAsync(situation))
                    )
                ),
            ]
        );

        Report.Heading(
            $"{Environment.ProcessorCount} processors, {rounds} rounds in turns, {(isSelfContained ? "self-contained" : "framework-dependent")}{(isFar ? ", 50 ms each way, 50 Mbit/s" : "")}"
        );
        foreach (var (situation, pair) in situations.Zip(results.Chunk(2)))
        {
            var name = situation.ToString().ToLowerInvariant();
            var (own, other) = (pair[0], pair[1]);
            Report.Heading(name);
            Compare(
                "",
                figures => figures.Whole,
                (isFar, isSelfContained, situation) switch
                {
                    (true, _, _) or (_, true, Situation.Cold or Situation.Runner) => null,
                    (_, true, _) => 0.75,
                    _ => 1.05,
                }
            );
            Compare(
                " after Publish",
                figures => figures.AfterPublish,
                isFar && situation is Situation.Edit ? 0.5 : null
            );
            var (sent, sentBySdk) = (Median(own, figures => figures.Sent), Median(other, figures => figures.Sent));
            Report.Figure(
                $"{name}: bytes to the repository / sdk",
                $"{sent:N0} / {sentBySdk:N0}",
                situation switch
                {
                    Situation.Edit => "<= 5 %",
                    // What is sent for an image without its layers.
                    Situation.Same => "<= 10 KB",
                    _ => null,
                },
                situation is Situation.Same ? sent <= 10_000 : sent <= 0.05 * sentBySdk
            );
            var fromBase = Median(own, figures => figures.FromBase);
            var fromBaseToSdk = Median(other, figures => figures.FromBase);
            Report.Figure(
                $"{name}: bytes from the base's registry / sdk",
                $"{fromBase:N0} / {fromBaseToSdk:N0}",
                // Of a base that the repository has, the SDK reads manifest and configuration: 2 KB, with headers.
                situation is Situation.Runner
                    ? "<= sdk"
                    : null,
                fromBase <= fromBaseToSdk
            );

            void Compare(string part, Func<PublishFigures, TimeSpan> time, double? goal)
            {
                Series mine = new($"{name}{part}, {ours.Name}", [.. own.Select(time)]);
                Series theirs = new($"{name}{part}, {sdk.Name}", [.. other.Select(time)]);
                Report.Seconds(mine);
                Report.Seconds(theirs);
                Report.Ratio(mine, theirs, goal);
            }
        }
    }

    private static long Median(IReadOnlyList<PublishFigures> figures, Func<PublishFigures, long> bytes) =>
        figures.Select(bytes).Order().ElementAt(figures.Count / 2);

    private static async Task<DockerRegistry> StartRegistryAsync() =>
        await DockerRegistry.StartAsync() ?? throw new InvalidOperationException(DockerRegistry.Name + " is missing.");

    /// <summary>The docker-registry takes the place of the emulator's own registry. It asks for no password.</summary>
    private static string AuthorizationFor(CountingProxy registry) =>
        JsonSerializer.Serialize(
            new
            {
                authorizationData = new[]
                {
                    new
                    {
                        authorizationToken = Convert.ToBase64String(Encoding.UTF8.GetBytes("AWS:bench")),
                        expiresAt = DateTimeOffset.UtcNow.AddHours(12).ToUnixTimeSeconds(),
                        proxyEndpoint = $"http://{registry.Host}",
                    },
                },
            }
        );

    private static string Extension(bool isSelfContained)
    {
        var versions = XDocument
            .Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(
                version => version.Attribute("Include")!.Value,
                version => version.Attribute("Version")!.Value,
                StringComparer.Ordinal
            );
        var references = Packages.Select(package =>
            $"""<PackageReference Include="{package}" Version="{versions[package]}" />"""
        );
        return $"""
              <ItemGroup>{string.Concat(references)}</ItemGroup>
              <PropertyGroup Condition="{(isSelfContained ? "true" : "false")}">
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <SelfContained>true</SelfContained>
              </PropertyGroup>
              <Target Name="TellPublished" AfterTargets="Publish"><Message Importance="high" Text="{Published}" /></Target>
            """;
    }

    private enum Situation
    {
        /// <summary>Empty repository, empty caches.</summary>
        Cold,

        /// <summary>The next commit on a hosted runner: fresh checkout, empty caches.</summary>
        Runner,

        /// <summary>One line changed.</summary>
        Edit,

        /// <summary>Nothing changed.</summary>
        Same,
    }

    private sealed record PublishFigures(TimeSpan Whole, TimeSpan AfterPublish, long Sent, long FromBase);

    /// <summary>One way to publish. Each round, that is, each run through all situations, begins with another repository.</summary>
    private sealed class Publisher(
        string name,
        BenchmarkedProject project,
        CountingProxy registry,
        CountingProxy baseRegistry,
        string[] arguments
    )
    {
        private int _round = -1;

        public string Name => name;

        public async Task<PublishFigures> RunAsync(Situation situation)
        {
            if (situation is Situation.Cold)
            {
                _round++;
            }

            if (situation is Situation.Cold or Situation.Runner)
            {
                project.Clean();
            }

            if (situation is not Situation.Same)
            {
                await project.EditAsync();
            }

            var (sent, received) = (registry.BytesToServer, baseRegistry.BytesToClient);
            var (published, result) = await project.RunUntilAsync(
                Published,
                "AKIAALLOWED",
                ["publish", "--no-restore", $"-p:ContainerRepository={name}/round-{_round}", .. arguments]
            );
            return new(
                result.EnsureSuccess().Elapsed,
                result.Elapsed - published,
                registry.BytesToServer - sent,
                baseRegistry.BytesToClient - received
            );
        }
    }
}
