using System.Runtime.InteropServices;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

[assembly: AssemblyFixture(typeof(ToolFixture))]

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>The tool as people get it: packed, then installed from the packages. Compiling it ahead takes a minute, so once for a run.</summary>
public sealed class ToolFixture : IAsyncDisposable
{
    /// <summary>What <c>dotnet pack</c> makes on this machine; it compiles for its own kind only.</summary>
    public static readonly string Native =
        $"{(OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : "linux")}-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-tool-").FullName;
    private readonly Lock _gate = new();
    private Task<string>? _packages;
    private Task<string>? _tool;

    public string Version { get; } = ProductFixture.NewVersion();

    /// <summary>The folder of the packages.</summary>
    public Task<string> PackagesAsync()
    {
        lock (_gate)
        {
            return _packages ??= PackAsync();
        }
    }

    /// <summary>The path of the installed <c>dotnet-ecr</c>.</summary>
    public Task<string> InstalledAsync()
    {
        lock (_gate)
        {
            return _tool ??= InstallAsync();
        }
    }

    /// <summary>Runs the installed tool where no .NET is found.</summary>
    internal async Task<CliResult> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string?> variables,
        string? input,
        params string[] arguments
    )
    {
        var environment = ChildEnvironment.Of(folder);
        environment["PATH"] = "";
        environment["DOTNET_ROOT"] = folder;
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return await Cli.RunAsync(
            await InstalledAsync(),
            arguments,
            folder,
            environment,
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> PackAsync()
    {
        Assert.SkipUnless(RealPart.AreRequired, "The tool is compiled natively where CI=true: it takes minutes.");
        _ = OperatingSystem.IsWindows() ? "" : Cli.Find("clang") ?? RealPart.Find("gcc");
        var packages = Directory.CreateDirectory(Path.Combine(_folder, "feed")).FullName;
        (
            await Cli.RunAsync(
                Programs.Dotnet,
                [
                    "pack",
                    Path.Combine(SourceTree.Root, "src", "EcrBuildTasks.Tool"),
                    "--artifacts-path",
                    Path.Combine(_folder, "artifacts"),
                    "--output",
                    packages,
                    $"-p:MinVerVersionOverride={Version}",
                    // Sources are checked where they are built for the tests; here nothing may rewrite them.
                    "-p:CSharpier_Bypass=true",
                    "-p:RunAnalyzers=false",
                    "-nodeReuse:false",
                ],
                _folder,
                ChildEnvironment.WithoutBuildSettings(),
                timeout: TimeSpan.FromMinutes(15)
            )
        ).EnsureSuccess();
        Directory.Delete(Path.Combine(_folder, "artifacts"), recursive: true);
        return packages;
    }

    private async Task<string> InstallAsync()
    {
        var folder = Path.Combine(_folder, "tool");
        (
            await Cli.RunAsync(
                Programs.Dotnet,
                [
                    "tool",
                    "install",
                    "EcrBuildTasks.Tool",
                    "--tool-path",
                    folder,
                    "--source",
                    await PackagesAsync(),
                    "--version",
                    Version,
                ],
                _folder,
                ChildEnvironment.Of(_folder)
            )
        ).EnsureSuccess();
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet-ecr.exe" : "dotnet-ecr");
    }
}
