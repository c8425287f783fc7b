using System.Text.RegularExpressions;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>A system that runs pipelines, as a build in it sees it, and what the build told it.</summary>
internal sealed partial class PipelineSystem : IDisposable
{
    private static readonly Dictionary<string, (string Variable, string Value)> Marks = new(StringComparer.Ordinal)
    {
        ["GitHub"] = ("GITHUB_ACTIONS", "true"),
        ["Azure"] = ("TF_BUILD", "True"),
        ["GitLab"] = ("GITLAB_CI", "true"),
        ["TeamCity"] = ("TEAMCITY_VERSION", "2025.03"),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-pipeline-").FullName;
    private readonly DotnetProject _project;

    /// <summary>Runs what follows in the project's folder in the system, until it is disposed of.</summary>
    public PipelineSystem(string name, DotnetProject project)
    {
        _project = project;
        Variables = new(StringComparer.Ordinal)
        {
            [Marks[name].Variable] = Marks[name].Value,
            ["GITHUB_OUTPUT"] = PathOf("output"),
            ["GITHUB_STEP_SUMMARY"] = PathOf("summary.md"),
            ["AGENT_TEMPDIRECTORY"] = _folder,
            ["CI_PROJECT_DIR"] = _folder,
        };
        foreach (var (variable, value) in Variables)
        {
            project.With(variable, value);
        }
    }

    private Dictionary<string, string> Variables { get; }

    /// <summary>What the system was told since the last time: lines of the log that are for it, outputs, and summaries.</summary>
    public string TakeWhatItWasTold(string log)
    {
        var commands = log.Split('\n').Select(line => line.Trim()).Where(line => Command().IsMatch(line));
        // A summary of Azure has a file of its own, whose name is another each time.
        var files = Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal).ToList();
        var told = string.Join(
            '\n',
            commands
                .Select(line => line.Replace(_folder, "", StringComparison.Ordinal))
                .Concat(files.Select(File.ReadAllText))
        );
        files.ForEach(File.Delete);
        return SummaryFile().Replace(told, "/ecr.md");
    }

    public void Dispose()
    {
        foreach (var variable in Variables.Keys)
        {
            _project.With(variable, null);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    [GeneratedRegex(@"^(::|##vso\[|##teamcity\[)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"/ecr-[0-9a-f]{32}\.md", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SummaryFile();
}
