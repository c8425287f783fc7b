namespace EcrBuildTasks.RealParts;

/// <summary>The repository that the tests are built from.</summary>
public static class SourceTree
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The sources of the product.</summary>
    public static string Src { get; } = Path.Combine(Root, "src");

    /// <summary>
    /// The tool where it was built. The copy beside the tests lacks what their framework, ASP.NET Core, brings and the tool's
    /// own does not.
    /// </summary>
    public static string Tool { get; } =
        Path.Combine(Root, "src", "EcrBuildTasks.Tool", OutputPath(), "dotnet-ecr.dll");

    /// <summary>The program <c>ecr-emulator</c> where it was built.</summary>
    public static string Emulator { get; } =
        Path.Combine(Root, "src", "EcrBuildTasks.Emulator.Tool", OutputPath(), "ecr-emulator.dll");

    /// <summary>The MSBuild tasks where they were built.</summary>
    public static string Tasks { get; } =
        Path.Combine(Root, "src", "EcrBuildTasks", OutputPath(), "EcrBuildTasks.Tasks.dll");

    /// <summary>The folder of an output in its project, the same in all: configuration and framework are those of the tests.</summary>
    private static string OutputPath()
    {
        string[] parts = Path.GetRelativePath(Root, AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar);
        return Path.Combine(parts is ["tests", _, .. var output] ? output : parts);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EcrBuildTasks.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException("EcrBuildTasks.sln is in no folder above the tests.");
    }
}
