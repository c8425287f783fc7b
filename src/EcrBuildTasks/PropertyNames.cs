using System.Xml;
using System.Xml.Linq;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tasks;

/// <summary>Finds misspelt properties, which MSBuild lets pass in silence.</summary>
internal sealed class PropertyNames(IReadOnlyList<string> known)
{
    private const string Prefix = "Ecr";

    /// <summary>The properties that a project file sets.</summary>
    public static IReadOnlyList<string> Of(string projectFile)
    {
        try
        {
            return
            [
                .. XDocument
                    .Load(projectFile)
                    .Descendants()
                    .Where(element => element.Name.LocalName == "PropertyGroup")
                    .Elements()
                    .Select(element => element.Name.LocalName),
            ];
        }
        catch (Exception failure) when (failure is IOException or XmlException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public IEnumerable<EcrDiagnostic> Unknown(IEnumerable<string> names) =>
        names
            .Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Except(known, StringComparer.OrdinalIgnoreCase)
            .Select(name => SettingDiagnosis.UnknownProperty(name, Nearest(name)));

    private string? Nearest(string name) =>
        NearNames.Of(name, known, farthest: 3) is [var nearest, ..] ? nearest : null;
}
