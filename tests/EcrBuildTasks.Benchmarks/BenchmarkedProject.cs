using System.Diagnostics;
using System.Text;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Benchmarks;

/// <summary>A web project in a folder of its own, with or without the package, and an emulated AWS to push to.</summary>
internal sealed class BenchmarkedProject(EcrEmulator emulator, DockerEngine engine, DirectoryInfo folder)
{
    private const string Push =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""";

    /// <summary>How often <see cref="EvaluateAsync"/> evaluates the project.</summary>
    private const int Evaluations = 100;

    private int edits;

    public string Registry => emulator.Endpoint.Authority;

    public static Task<EcrEmulator> StartEmulatorAsync(string? repositoryPolicy = null) =>
        EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new("444455556666")
                    {
                        Users = [User("allowed", "AKIAALLOWED", [new("push", Push)]), User("denied", "AKIADENIED", [])],
                        Registries = [new("eu-west-1") { Repositories = [new("bench") { Policy = repositoryPolicy }] }],
                    },
                ],
                PublicImages = [new("public/base", "1")],
            }
        );

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
                <ContainerBaseImage>localhost:{emulator.Endpoint.Port}/public/base:1</ContainerBaseImage>
                <EcrRegistry>444455556666.dkr.ecr.eu-west-1.amazonaws.com</EcrRegistry>
              </PropertyGroup>
              {package}
            </Project>
            """
        );
        await EditAsync();
        (await RunAsync("dotnet", "restore")).EnsureSuccess();
        return this;
    }

    /// <summary>Changes the program, so that the next build compiles and its image has a new layer.</summary>
    public Task EditAsync() => Write("Program.cs", $"""WebApplication.Create().MapGet("/", () => "edit {edits++}");""");

    /// <summary>The seconds of one evaluation, among many in one process: a single one is lost in what starting costs.</summary>
    public async Task<double> EvaluateAsync()
    {
        var watch = Stopwatch.StartNew();
        (await RunAsync("dotnet", "msbuild", "Evaluations.targets")).EnsureSuccess();
        return watch.Elapsed.TotalSeconds / Evaluations;
    }

    /// <summary>Logs the peer's docker in; it has a configuration of its own.</summary>
    public async Task LoginAsync()
    {
        using var ecr = new EcrClient(
            new BasicAWSCredentials("AKIAALLOWED", "secret"),
            new() { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "eu-west-1" }
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
                ["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString(),
                ["AWS_ACCESS_KEY_ID"] = accessKey,
                ["AWS_SECRET_ACCESS_KEY"] = "secret",
                ["DOCKER_HOST"] = engine.Endpoint.ToString(),
                ["DOCKER_CONFIG"] = Path.Combine(folder.FullName, ".docker"),
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["CI"] = null,
            },
            onLine: onLine
        );

    /// <summary>The seconds until a line holds a text.</summary>
    public async Task<double> SecondsUntilAsync(string text, string accessKey, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        double? seen = null;
        var result = await RunAsync(
            accessKey,
            line => seen ??= line.Contains(text, StringComparison.Ordinal) ? watch.Elapsed.TotalSeconds : null,
            "dotnet",
            arguments
        );
        return seen ?? throw new InvalidOperationException($"No line holds '{text}': {result}");
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
