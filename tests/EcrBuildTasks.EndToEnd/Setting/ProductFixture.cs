using System.Collections.Concurrent;
using System.Globalization;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

[assembly: AssemblyFixture(typeof(ProductFixture))]

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>The package as it would be published, in a feed of this run; and new projects that use it.</summary>
public sealed class ProductFixture : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ecr-e2e-").FullName;
    private readonly Lazy<Task<string>> package;
    private readonly Lazy<Task<string>> emulator;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> templates = new(StringComparer.Ordinal);

    public ProductFixture()
    {
        package = new(() => PackAsync("feed"));
        emulator = new(() => PackAsync("feed", "EcrBuildTasks.Emulator"));
    }

    /// <summary>A version that no cache on this machine can hold.</summary>
    public string Version { get; } = NewVersion();

    internal static string NewVersion() =>
        "0.0.0-e2e." + DateTime.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture).TrimStart('0');

    /// <summary>The path of the package, packed when the first asks for it.</summary>
    public Task<string> PackageAsync() => package.Value;

    /// <summary>The path of the package of the emulator, in the same feed.</summary>
    public Task<string> EmulatorPackageAsync() => emulator.Value;

    /// <summary>Packs from nothing: no output of an earlier build is reused.</summary>
    /// <param name="feed">The name of the folder for the package.</param>
    /// <param name="project">The project in <c>src</c>, which has the name of its package.</param>
    public async Task<string> PackAsync(string feed, string project = "EcrBuildTasks")
    {
        // Always the same folder, because the names of generated sources are part of an assembly's identity.
        var artifacts = Path.Combine(folder, $"artifacts-{project}");
        var output = Directory.CreateDirectory(Path.Combine(folder, feed)).FullName;
        var environment = ChildEnvironment.WithoutBuildSettings();
        (await Cli.RunAsync(Programs.Dotnet, ["tool", "restore"], SourceTree.Root, environment)).EnsureSuccess();
        var result = await Cli.RunAsync(
            Programs.Dotnet,
            [
                "pack",
                Path.Combine(SourceTree.Src, project),
                "--artifacts-path",
                artifacts,
                "--output",
                output,
                $"-p:MinVerVersionOverride={Version}",
                // Sources are checked where they are built for the tests; here nothing may rewrite them.
                "-p:CSharpier_Bypass=true",
                "-p:RunAnalyzers=false",
                "-p:PackBillOfMaterials=true",
                "-nodeReuse:false",
            ],
            folder,
            environment
        );
        result.EnsureSuccess();
        Directory.Delete(artifacts, recursive: true);
        return Path.Combine(output, $"{project}.{Version}.nupkg");
    }

    /// <summary>A new project made by a template of the .NET SDK, outside of our repository, in a folder of its own.</summary>
    internal async Task<DotnetProject> CreateProjectAsync(string template)
    {
        var made = await templates.GetOrAdd(template, name => new(() => MakeAsync(name))).Value;
        var project = Directory.CreateDirectory(Path.Combine(folder, $"{Guid.NewGuid():N}"[..8])).FullName;
        return await CopyAsync(made, project);
    }

    /// <summary>A copy of a folder under <c>samples</c>, as somebody makes it, with the package of this run.</summary>
    internal async Task<DotnetProject> CreateSampleAsync(string name)
    {
        var sample = Path.Combine(SourceTree.Root, "samples", name);
        var copy = Directory.CreateDirectory(Path.Combine(folder, $"{Guid.NewGuid():N}"[..8], name)).FullName;
        var project = await CopyAsync(sample, copy);
        foreach (var file in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace("0.1.0", $"[{Version}]", StringComparison.Ordinal));
        }

        return project;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<DotnetProject> CopyAsync(string source, string project)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(IsSource))
        {
            var copy = Path.Combine(project, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var feed = Path.GetDirectoryName(await PackageAsync())!;
        await File.WriteAllTextAsync(
            Path.Combine(project, "nuget.config"),
            $"""<configuration><packageSources><add key="this-build" value="{feed}" /></packageSources></configuration>"""
        );
        return new(project, Version, Environment());

        bool IsSource(string file) =>
            !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
    }

    private async Task<string> MakeAsync(string template)
    {
        var made = Path.Combine(folder, "templates", template, DotnetProject.Name);
        var result = await Cli.RunAsync(
            Programs.Dotnet,
            ["new", template, "--name", DotnetProject.Name, "--output", made, "--no-restore"],
            folder,
            Environment()
        );
        result.EnsureSuccess();
        return made;
    }

    private Dictionary<string, string?> Environment() => ChildEnvironment.Of(folder);
}
