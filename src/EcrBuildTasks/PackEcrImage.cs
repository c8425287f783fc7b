using EcrBuildTasks.Images.Packing;
using EcrBuildTasks.Settings;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>Packs the image that the .NET SDK has described, without the layers of its base image.</summary>
public sealed class PackEcrImage : EcrTask
{
    /// <summary>The property <c>GeneratedContainerManifest</c>.</summary>
    public string Manifest { get; set; } = "";

    /// <summary>The property <c>GeneratedContainerConfiguration</c>.</summary>
    public string Configuration { get; set; } = "";

    /// <summary>The publish output; empty if the SDK has made a layer of it.</summary>
    public string PublishFolder { get; set; } = "";

    /// <summary>The items <c>ResolvedFileToPublish</c>.</summary>
    public ITaskItem[] PublishedFiles { get; set; } = [];

    /// <summary>The folders of packages.</summary>
    public string[] PackageFolders { get; set; } = [];

    /// <summary>The folder to write.</summary>
    [Required]
    public string Layout { get; set; } = "";

    private protected override async Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (Manifest.Length == 0 || Configuration.Length == 0)
        {
            Reporter.Report(SettingDiagnosis.ImageNotMade());
            return;
        }

        var packing = new ImagePacking
        {
            Manifest = Manifest,
            Configuration = Configuration,
            PublishFolder = PublishFolder.Length > 0 ? Path.GetFullPath(PublishFolder) : null,
            Items =
            [
                .. PublishedFiles.Select(file => new PublishItem(
                    file.GetMetadata("RelativePath"),
                    file.GetMetadata("FullPath"),
                    file.GetMetadata("NuGetPackageId")
                )),
            ],
            PackageFolders = PackageFolders,
            Layout = Layout,
            Environment = EnvironmentVariables,
        };
        foreach (var layer in await packing.RunAsync(cancellationToken))
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", layer);
        }
    }
}
