using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Documentation.Tests;

/// <summary>The names that a project may use, read from the targets that the package ships.</summary>
internal static partial class ProductNames
{
    private static readonly XDocument Document = XDocument.Load(
        DocumentationPages.InTree("build/EcrBuildTasks.targets")
    );

    /// <summary>The properties that may be set.</summary>
    public static IReadOnlyList<string> Properties { get; } =
    [
        .. Document
            .Descendants("EcrRequest")
            .Elements()
            .Select(metadata => metadata.Name.LocalName)
            .Where(name => name.StartsWith("Ecr", StringComparison.Ordinal)),
    ];

    /// <summary>The targets that may be asked for.</summary>
    public static IReadOnlyList<string> Targets { get; } =
    [.. Document.Descendants("Target").Select(target => target.Attribute("Name")!.Value).Where(IsPublic)];

    /// <summary>Properties and items that a push leaves.</summary>
    public static IReadOnlyList<string> Outputs { get; } =
    [
        .. Document
            .Descendants("Output")
            .Select(output => (output.Attribute("PropertyName") ?? output.Attribute("ItemName"))!.Value)
            .Where(name => name.StartsWith("Ecr", StringComparison.Ordinal))
            .Distinct(),
    ];

    /// <summary>The metadata of a pushed image.</summary>
    public static IReadOnlyList<string> Metadata { get; } =
    [
        .. SetMetadata()
            .Matches(File.ReadAllText(DocumentationPages.InTree("src/EcrBuildTasks/EcrTask.cs")))
            .Select(match => match.Groups["name"].Value),
    ];

    /// <summary>The properties that take one of a few values.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["EcrPreflight"] = Enum.GetNames<PreflightMode>(),
            ["EcrPushMode"] = Enum.GetNames<PushMode>(),
            ["EcrIfTagExists"] = Enum.GetNames<IfTagExists>(),
        };

    /// <returns>What is wrong with a property that is set; <see langword="null"/> if nothing is, or if it is none of ours.</returns>
    public static string? MistakeIn(string property, string value)
    {
        if (!property.StartsWith("Ecr", StringComparison.Ordinal))
        {
            return null;
        }

        if (!Properties.Contains(property))
        {
            return $"there is no property {property}";
        }

        return Choices.TryGetValue(property, out var choices) && !choices.Contains(value)
            ? $"{property} cannot be {value}"
            : null;
    }

    private static bool IsPublic(string name) => !name.StartsWith('_');

    [GeneratedRegex("""SetMetadata\("(?<name>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SetMetadata();
}
