using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>Finds the projects of a solution that are built.</summary>
public sealed class ReadSolution : ReportingTask
{
    /// <summary>The property <c>CurrentSolutionConfigurationContents</c>.</summary>
    [Required]
    public string Configuration { get; set; } = "";

    /// <summary>The folder that paths on the command line start from.</summary>
    [Required]
    public string StartDirectory { get; set; } = "";

    /// <summary>The project files, each with the properties by which the solution builds it.</summary>
    [Output]
    public ITaskItem[] Projects { get; set; } = [];

    private protected override void Run()
    {
        // MSBuild tells no project which of them a solution filter has chosen.
        var filter = Environment
            .GetCommandLineArgs()
            .Where(argument => argument.EndsWith(".slnf", StringComparison.OrdinalIgnoreCase))
            .Select(argument => Path.Combine(StartDirectory, argument))
            .FirstOrDefault(File.Exists);
        var projects = SolutionProject.Read(Configuration);
        Projects = [.. (filter is null ? projects : SolutionFilter.Read(filter).Of(projects)).Select(ToItem)];
    }

    private static TaskItem ToItem(SolutionProject project)
    {
        var item = new TaskItem(project.File);
        item.SetMetadata("AdditionalProperties", project.Properties);
        return item;
    }
}
