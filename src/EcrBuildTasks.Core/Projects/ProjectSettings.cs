using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Projects;

/// <summary>What can be wrong with the properties of a project before AWS is asked.</summary>
/// <param name="project">The request.</param>
/// <param name="globalProperties">The properties of the command line, or of what builds the project.</param>
public sealed partial class ProjectSettings(
    ProjectRequest project,
    IReadOnlyDictionary<string, string> globalProperties
)
{
    /// <summary>The properties that name one repository.</summary>
    private static readonly string[] RepositoryNames = ["EcrRepository", "ContainerRepository", "ContainerImageName"];

    /// <summary>Whether a target may still set another version, which is then the tag.</summary>
    public bool VersionMayChange => project.IsTaggedByVersion && !IsGlobal("Version");

    /// <summary>A build that was asked for without a configuration.</summary>
    public string? DebugNote =>
        project["Configuration"] is "Debug" && project["EcrSourceImage"] is null
            ? "This is a Debug build. For a Release build, use dotnet publish /t:PushToEcr or add -c Release."
            : null;

    public IEnumerable<EcrDiagnostic> Check()
    {
        if (project["TargetFramework"] is null && project["TargetFrameworks"] is { } frameworks)
        {
            yield return SettingDiagnosis.SeveralFrameworks(frameworks);
        }
        else if (project["NoImage"] is not null)
        {
            yield return SettingDiagnosis.NoImage(Path.GetFileName(project.ProjectFile));
        }

        if (
            Array.Find(RepositoryNames, IsGlobal) is { } property
            && globalProperties.TryGetValue("CurrentSolutionConfigurationContents", out var solution)
            && Applications(solution) is { Count: > 1 } applications
        )
        {
            yield return SettingDiagnosis.OneRepository(property, globalProperties[property], applications);
        }

        string[] known =
        [
            .. project.PropertyNames,
            "EcrPushedImage",
            "EcrRepositoryTag",
            "EcrImageUri",
            "EcrImageDigest",
        ];
        foreach (var name in Unknown(globalProperties.Keys))
        {
            yield return SettingDiagnosis.UnknownGlobalProperty(name, Nearest(name));
        }

        foreach (var name in Unknown(PropertyFiles().SelectMany(Names)))
        {
            yield return SettingDiagnosis.UnknownProperty(name, Nearest(name));
        }

        IEnumerable<string> Unknown(IEnumerable<string> names) =>
            names
                .Where(name => name.StartsWith("Ecr", StringComparison.OrdinalIgnoreCase))
                .Except(known, StringComparer.OrdinalIgnoreCase);

        string? Nearest(string name) => NearNames.Find(name, known, farthest: 3) is [var nearest, ..] ? nearest : null;
    }

    private bool IsGlobal(string property) => globalProperties.ContainsKey(property);

    /// <summary>The files that a user writes properties in. Those of packages and of other imports are not read.</summary>
    private IEnumerable<string> PropertyFiles() =>
        (project["PropertyFiles"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Prepend(project.ProjectFile);

    /// <summary>The properties that a project file sets, or a file-based application by <c>#:property</c>.</summary>
    private static IEnumerable<string> Names(string file) =>
        file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
            ? FileProperty().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
            : Load(file)
                ?.Descendants()
                .Where(element => element.Name.LocalName == "PropertyGroup")
                .Elements()
                .Select(element => element.Name.LocalName)
                ?? [];

    /// <summary>The projects of a solution whose own file says that they are applications.</summary>
    private static IReadOnlyList<string> Applications(string solution) =>
        [
            .. XElement
                .Parse(solution)
                .Elements("ProjectConfiguration")
                .Where(built => (string?)built.Attribute("BuildProjectInSolution") is not "False")
                .Select(built => (string)built.Attribute("AbsolutePath")!)
                .Where(file => Load(file) is { } project && IsApplication(project))
                .Select(file => Path.GetFileName(file)),
        ];

    /// <returns><see langword="null"/> for a file that is missing or invalid, which MSBuild reports if it builds it.</returns>
    private static XDocument? Load(string file)
    {
        try
        {
            return XDocument.Load(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }

    private static bool IsApplication(XDocument project) =>
        (string?)project.Root?.Attribute("Sdk") is "Microsoft.NET.Sdk.Web" or "Microsoft.NET.Sdk.Worker"
        || project
            .Descendants()
            .Any(element => element.Name.LocalName == "OutputType" && element.Value.Trim() is "Exe" or "WinExe");

    [GeneratedRegex(
        @"^#:property\s+(?<name>\w+)\s*=",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FileProperty();
}
