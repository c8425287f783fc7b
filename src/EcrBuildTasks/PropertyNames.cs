using System.Xml;
using System.Xml.Linq;
using EcrBuildTasks.Diagnostics;

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
        known
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= 3)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    /// <summary>The Levenshtein distance, without regard to case.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
