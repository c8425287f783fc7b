using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>A project of somebody who uses the package, and the commands that they type.</summary>
internal sealed class DotnetProject(
    string folder,
    string packageVersion,
    IReadOnlyDictionary<string, string?> environment
)
{
    public const string Name = "HelloApi";

    private readonly Dictionary<string, string?> environment = new(environment, StringComparer.Ordinal)
    {
        ["DOCKER_CONFIG"] = Path.Combine(folder, "docker-config"),
    };

    public string Folder => folder;

    public string File => Path.Combine(folder, Name + ".csproj");

    /// <summary>The docker CLI's configuration folder as the builds see it; it does not exist at first.</summary>
    public string DockerConfigFolder => environment["DOCKER_CONFIG"]!;

    /// <summary>Where the build of a configuration writes, such as <c>obj/Release/net10.0</c>.</summary>
    public string IntermediateFolder(string configuration = "Release") =>
        Path.Combine(folder, "obj", configuration, "net10.0");

    public string ResultFile(string name) => Path.Combine(IntermediateFolder(), "ecr", name);

    /// <summary>Adds the package, and what a project says about its image.</summary>
    public DotnetProject Using(EcrEmulator emulator, string repository = Scenario.Repository) =>
        Add(
                $"""
                  <PropertyGroup>
                    <ContainerRepository>{repository}</ContainerRepository>
                    <EcrRegistry>{Scenario.RegistryHost}</EcrRegistry>
                    <ContainerBaseImage>localhost:{emulator.Endpoint.Port}/{Scenario.BaseImage}</ContainerBaseImage>
                  </PropertyGroup>

                """
            )
            .AddPackage();

    public DotnetProject AddPackage() =>
        Add(
            $"""
              <ItemGroup>
                <PackageReference Include="EcrBuildTasks" Version="{packageVersion}" PrivateAssets="all" />
              </ItemGroup>

            """
        );

    /// <summary>Adds elements at the end of the project file.</summary>
    public DotnetProject Add(string elements)
    {
        const string End = "</Project>";
        var text = System.IO.File.ReadAllText(File);
        var at = text.LastIndexOf(End, StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, text[..at] + elements + text[at..]);
        return this;
    }

    /// <summary>For a sample, which says itself where it goes: only the base image is that of the emulator.</summary>
    public DotnetProject PushedTo(EcrEmulator emulator) =>
        With("ContainerBaseImage", $"localhost:{emulator.Endpoint.Port}/{Scenario.BaseImage}")
            .With("DOCKER_HOST", "unix:///nowhere/docker.sock")
            .WithAws(emulator, Scenario.Ci);

    public DotnetProject WithEngine(Uri endpoint) => With("DOCKER_HOST", endpoint.ToString());

    /// <summary>The region is that of the registry, or what a test sets.</summary>
    public DotnetProject WithAws(EcrEmulator emulator, AccessKey key)
    {
        foreach (
            var (name, value) in emulator
                .EnvironmentFor(key)
                .Where(variable => variable.Key is not ("AWS_REGION" or "AWS_DEFAULT_REGION"))
        )
        {
            environment[name] = value;
        }

        return this;
    }

    /// <summary>Sets a variable for the builds that follow; <see langword="null"/> removes it.</summary>
    public DotnetProject With(string variable, string? value)
    {
        environment[variable] = value;
        return this;
    }

    public void ShouldNotBeCompiled() =>
        Directory.EnumerateFiles(folder, Name + ".dll", SearchOption.AllDirectories).ShouldBeEmpty();

    public Task<Build> PublishAsync(params string[] options) => RunAsync(["publish", "/t:PushToEcr", .. options]);

    /// <summary>Runs the tool in the project's folder, with what the builds have in their environment.</summary>
    public Task<CliResult> EcrAsync(params string[] arguments) =>
        Cli.RunAsync(
            Programs.Dotnet,
            [SourceTree.Tool, .. arguments],
            folder,
            environment,
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Runs a script in the project's folder, as a pipeline's runner does.</summary>
    public Task<CliResult> ShellAsync(string script) =>
        Cli.RunAsync(
            RealPart.Find("bash"),
            ["-eo", "pipefail"],
            folder,
            environment,
            standardInput: script,
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Runs a script in the project's folder, in a terminal of 80 columns.</summary>
    public Task<CliResult> TerminalAsync(string script) =>
        Cli.RunAsync(
            RealPart.Find("script"),
            ["-qec", $"stty rows 24 cols 80\nset -eo pipefail\n{script}", "/dev/null"],
            folder,
            new Dictionary<string, string?>(environment, StringComparer.Ordinal)
            {
                ["SHELL"] = RealPart.Find("bash"),
                ["TERM"] = "xterm-256color",
            },
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Publishes until somebody kills the build.</summary>
    public async Task PublishUntilKilledAsync(Func<bool> isTime)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var build = RunAsync(kill.Token, "publish", "/t:PushToEcr");
        while (!isTime())
        {
            build.IsCompleted.ShouldBeFalse(build.IsCompleted ? $"{await build}" : null);
            await Task.Delay(20, kill.Token);
        }

        await kill.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => build);
    }

    public Task<Build> RunAsync(params string[] arguments) =>
        RunAsync(TestContext.Current.CancellationToken, arguments);

    private async Task<Build> RunAsync(CancellationToken kill, params string[] arguments) =>
        new(await Cli.RunAsync(Programs.Dotnet, arguments, folder, environment, cancellationToken: kill));
}
