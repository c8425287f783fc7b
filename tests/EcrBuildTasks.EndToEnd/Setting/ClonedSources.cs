using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>The sources as git has them, with the remote that a release is built from.</summary>
internal sealed class ClonedSources : IDisposable
{
    private static readonly Dictionary<string, string?> Environment = ChildEnvironment.WithoutBuildSettings();

    private ClonedSources(string folder, string commit) => (Folder, Commit) = (folder, commit);

    public string Folder { get; }

    public string Commit { get; }

    public static async Task<ClonedSources> CreateAsync(string remote)
    {
        var folder = Directory.CreateTempSubdirectory("ecr-clone-").FullName;
        await GitAsync("clone", "--quiet", SourceTree.Root, folder);
        await GitAsync("-C", folder, "remote", "set-url", "origin", remote);
        return new(folder, (await GitAsync("-C", folder, "rev-parse", "HEAD")).Trim());
    }

    /// <summary>Builds the project that all packages bring.</summary>
    /// <returns>The path of its assembly.</returns>
    public async Task<string> BuildCoreAsync()
    {
        var artifacts = Path.Combine(Folder, "artifacts");
        (
            await Cli.RunAsync(
                Programs.Dotnet,
                [
                    "build",
                    Path.Combine(Folder, "src", "EcrBuildTasks.Core"),
                    "--artifacts-path",
                    artifacts,
                    "-p:CSharpier_Bypass=true",
                    "-p:RunAnalyzers=false",
                    "-p:MinVerSkip=true",
                    "-nodeReuse:false",
                ],
                Folder,
                Environment,
                cancellationToken: TestContext.Current.CancellationToken
            )
        ).EnsureSuccess();
        return Directory
            .EnumerateFiles(Path.Combine(artifacts, "bin"), "EcrBuildTasks.Core.dll", SearchOption.AllDirectories)
            .Single();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static async Task<string> GitAsync(params string[] arguments)
    {
        var result = await Cli.RunAsync(RealPart.Find("git"), arguments, SourceTree.Root, Environment);
        result.EnsureSuccess();
        return result.Output;
    }
}
