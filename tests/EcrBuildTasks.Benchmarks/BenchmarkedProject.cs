using System.Diagnostics;
using System.Text;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks;

/// <summary>A web project in a folder of its own, with or without the package.</summary>
/// <param name="aws">The endpoint of the emulated AWS to push to.</param>
/// <param name="dockerHost">The engine.</param>
/// <param name="folder">The project's folder.</param>
internal sealed class BenchmarkedProject(Uri aws, string dockerHost, DirectoryInfo folder)
{
    private const string Push =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""";

    /// <summary>How often <see cref="EvaluateAsync"/> evaluates the project.</summary>
    private const int Evaluations = 100;

    private int edits;

    private string CacheFolder => Path.Combine(folder.FullName, ".cache");

    public string Registry => aws.Authority;

    public string BaseImage { get; init; } = $"localhost:{aws.Port}/public/base:1";

    /// <summary>More of the project, as XML.</summary>
    public string Extension { get; init; } = "";

    public static Task<EcrEmulator> StartEmulatorAsync(
        string? repositoryPolicy = null,
        params IEnumerable<string> repositories
    ) =>
        EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new("444455556666")
                    {
                        Users = [User("allowed", "AKIAALLOWED", [new("push", Push)]), User("denied", "AKIADENIED", [])],
                        Registries =
                        [
                            new("eu-west-1")
                            {
                                Repositories =
                                [
                                    new("bench") { Policy = repositoryPolicy },
                                    .. repositories.Select(name => new EmulatedRepository(name)),
                                ],
                            },
                        ],
                    },
                ],
                PublicImages = [new("public/base", "1")],
            }
        );

    /// <summary>Packs the package from the source.</summary>
    /// <returns>Its version.</returns>
    public static async Task<string> PackAsync(string feed)
    {
        var version = $"0.0.0-bench.{Environment.ProcessId}";
        (
            await Cli.RunAsync(
                "dotnet",
                [
                    "pack",
                    Path.Combine(SourceTree.Src, "EcrBuildTasks"),
                    "-o",
                    feed,
                    $"-p:MinVerVersionOverride={version}",
                    // Speed does not depend on style.
                    "-p:RunAnalyzers=false",
                    "-p:CSharpier_Bypass=true",
                ]
            )
        ).EnsureSuccess();
        return version;
    }

    /// <summary>Writes the project; packs nothing.</summary>
    public async Task<BenchmarkedProject> WriteAsync(string feed, string? packageVersion)
    {
        folder.Create();
        var package = packageVersion is null
            ? ""
            : $"""<ItemGroup><PackageReference Include="EcrBuildTasks" Version="{packageVersion}" PrivateAssets="all" /></ItemGroup>""";
        await Write("Directory.Build.props", "<Project />");
        await Write("Directory.Packages.props", "<Project />");
        await Write(
            "Directory.Build.targets",
            """
            <Project>
              <Target Name="Nothing" />
              <Target Name="Stop" BeforeTargets="PrepareForBuild" Condition="'$(StopAtOnce)' == 'true'">
                <Error Text="Stopped" />
              </Target>
            </Project>
            """
        );
        // Other global properties make another evaluation of the same project.
        await Write(
            "Evaluations.targets",
            $"""
            <Project>
              <ItemGroup>
                <Round Include="{string.Join(';', Enumerable.Range(1, Evaluations))}" />
              </ItemGroup>
              <Target Name="Evaluate">
                <MSBuild Projects="Bench.csproj" Targets="Nothing" Properties="Round=%(Round.Identity)" />
              </Target>
            </Project>
            """
        );
        await Write(
            "nuget.config",
            $"""<configuration><packageSources><add key="local" value="{feed}" /></packageSources></configuration>"""
        );
        await Write(
            "Bench.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <ContainerRepository>bench</ContainerRepository>
                <ContainerBaseImage>{BaseImage}</ContainerBaseImage>
                <EcrRegistry>444455556666.dkr.ecr.eu-west-1.amazonaws.com</EcrRegistry>
              </PropertyGroup>
              {package}
              {Extension}
            </Project>
            """
        );
        await EditAsync();
        (await RunAsync("dotnet", "restore")).EnsureSuccess();
        return this;
    }

    /// <summary>Changes the program, so that the next build compiles and its image has a new layer.</summary>
    public Task EditAsync() => Write("Program.cs", $"""WebApplication.Create().MapGet("/", () => "edit {edits++}");""");

    /// <summary>Leaves what was restored, as a fresh checkout with a restore has it, and empties the caches.</summary>
    public void Clean()
    {
        foreach (var name in new[] { "bin", Path.Combine("obj", "Release"), CacheFolder })
        {
            if (Path.Combine(folder.FullName, name) is var path && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>The time of one evaluation, among many in one process: a single one is lost in what starting costs.</summary>
    public async Task<TimeSpan> EvaluateAsync() =>
        (await RunAsync("dotnet", "msbuild", "Evaluations.targets")).EnsureSuccess().Elapsed / Evaluations;

    /// <summary>Logs the peer's docker in; it has a configuration of its own.</summary>
    public async Task LoginAsync()
    {
        using var ecr = new EcrClient(
            new BasicAWSCredentials("AKIAALLOWED", "secret"),
            new() { ServiceURL = aws.ToString(), AuthenticationRegion = "eu-west-1" }
        );
        var answer = await ecr.GetAuthorizationTokenAsync(new() { RegistryIds = ["444455556666"] });
        var token = Encoding.UTF8.GetString(Convert.FromBase64String(answer.AuthorizationData![0].AuthorizationToken!));
        (await RunAsync("docker", "login", "-u", "AWS", "-p", token.Split(':', 2)[1], Registry)).EnsureSuccess();
    }

    public Task<CliResult> RunAsync(string program, params string[] arguments) =>
        RunAsync("AKIAALLOWED", null, program, arguments);

    public Task<CliResult> RunAsync(
        string accessKey,
        Action<string>? onLine,
        string program,
        params string[] arguments
    ) =>
        Cli.RunAsync(
            program,
            arguments,
            folder.FullName,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["AWS_ENDPOINT_URL"] = aws.ToString(),
                ["AWS_ACCESS_KEY_ID"] = accessKey,
                ["AWS_SECRET_ACCESS_KEY"] = "secret",
                ["DOCKER_HOST"] = dockerHost,
                ["DOCKER_CONFIG"] = Path.Combine(folder.FullName, ".docker"),
                ["XDG_CACHE_HOME"] = CacheFolder,
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["CI"] = null,
            },
            onLine: onLine
        );

    /// <summary>The time until a line holds a text, and the result.</summary>
    public async Task<(TimeSpan Seen, CliResult Result)> RunUntilAsync(
        string text,
        string accessKey,
        params string[] arguments
    )
    {
        var watch = Stopwatch.StartNew();
        TimeSpan? seen = null;
        var result = await RunAsync(
            accessKey,
            line => seen ??= line.Contains(text, StringComparison.Ordinal) ? watch.Elapsed : null,
            "dotnet",
            arguments
        );
        return (seen ?? throw new InvalidOperationException($"No line holds '{text}': {result}"), result);
    }

    private static IamUser User(string name, string accessKey, IReadOnlyList<IamPolicy> policies) =>
        new(name) { AccessKeys = [new(accessKey, "secret")], IdentityPolicies = [.. policies, Token] };

    private static IamPolicy Token { get; } =
        new(
            "token",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}]}"""
        );

    private Task Write(string name, string content) =>
        File.WriteAllTextAsync(Path.Combine(folder.FullName, name), content);
}
