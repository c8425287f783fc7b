using System.Xml.Linq;

namespace EcrBuildTasks.Tasks;

/// <summary>A project that a solution builds.</summary>
/// <param name="File">The full path.</param>
/// <param name="Configuration">What the solution's configuration is for it, such as <c>Release</c>.</param>
/// <param name="Platform">What the solution's platform is for it, such as <c>AnyCPU</c>; empty for none.</param>
internal sealed record SolutionProject(string File, string Configuration, string Platform)
{
    /// <summary>The properties that MSBuild sets, in the form of the MSBuild task's <c>AdditionalProperties</c>.</summary>
    public string Properties =>
        Platform.Length == 0 ? $"Configuration={Configuration}" : $"Configuration={Configuration};Platform={Platform}";

    /// <summary>Reads the property <c>CurrentSolutionConfigurationContents</c>.</summary>
    public static IReadOnlyList<SolutionProject> Read(string contents) =>
        [
            .. XElement
                .Parse(contents)
                .Elements("ProjectConfiguration")
                .Where(project => (string?)project.Attribute("BuildProjectInSolution") is not "False")
                .Select(project => Of((string)project.Attribute("AbsolutePath")!, project.Value.Split('|', 2))),
        ];

    private static SolutionProject Of(string file, string[] configuration) =>
        new(file, configuration[0], configuration.Length == 1 ? "" : configuration[1]);
}
