using System.Text.Json;

namespace EcrBuildTasks.Tasks;

/// <summary>A solution filter (<c>.slnf</c>): some projects of a solution.</summary>
internal sealed class SolutionFilter
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly HashSet<string> files;

    private SolutionFilter(IEnumerable<string> files) => this.files = new(files, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a filter that MSBuild has read before.</summary>
    /// <param name="file">The full path. The solution is relative to its folder, and the projects to the solution's.</param>
    public static SolutionFilter Read(string file)
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(file), Lenient);
        var solution = filter.RootElement.GetProperty("solution");
        var path = Combine(Path.GetDirectoryName(file)!, solution.GetProperty("path"));
        return new(
            solution
                .GetProperty("projects")
                .EnumerateArray()
                .Select(project => Combine(Path.GetDirectoryName(path)!, project))
                .ToList()
        );
    }

    public IEnumerable<SolutionProject> Of(IEnumerable<SolutionProject> projects) =>
        projects.Where(project => files.Contains(Path.GetFullPath(project.File)));

    /// <summary>Visual Studio writes backslashes on every system.</summary>
    private static string Combine(string folder, JsonElement path) =>
        Path.GetFullPath(Path.Combine(folder, path.GetString()!.Replace('\\', Path.DirectorySeparatorChar)));
}
