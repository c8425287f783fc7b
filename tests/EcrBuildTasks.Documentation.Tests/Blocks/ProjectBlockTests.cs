using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Blocks;

/// <summary>Parts of project files.</summary>
public sealed partial class ProjectBlockTests
{
    // Type names that begin as our properties do.
    private static readonly string[] OtherNames = ["EcrBuildTasks", "EcrEmulator", "EcrRepositoryTag"];

    private static readonly string[] HookAttributes = ["AfterTargets", "BeforeTargets", "DependsOnTargets"];

    public static TheoryData<string> Blocks =>
        [.. DocumentationPages.Blocks.Values.Where(block => block.Language == "xml").Select(block => block.Place)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_part_of_a_project_is_XML_and_uses_names_and_values_that_exist(string place)
    {
        var text = DocumentationPages.Blocks[place].Text;

        var xml = XElement.Parse($"<Parts>{text}</Parts>");

        xml.DescendantsAndSelf()
            .Where(element => element.Parent?.Name.LocalName is "PropertyGroup" or "Parts")
            .Select(element => ProductNames.MistakeIn(element.Name.LocalName, element.Value))
            .OfType<string>()
            .ShouldBeEmpty();
        References()
            .Matches(text)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name.StartsWith("Ecr", StringComparison.Ordinal))
            .Except(ProductNames.Properties.Concat(ProductNames.Outputs))
            .ShouldBeEmpty();
        References()
            .Matches(text)
            .Where(match => match.Groups["name"].Value == "EcrPushedImage" && match.Groups["metadata"].Success)
            .Select(match => match.Groups["metadata"].Value)
            .Except(ProductNames.Metadata)
            .ShouldBeEmpty();
        Hooks(xml).Where(target => target.Contains("Ecr")).Except(ProductNames.Targets).ShouldBeEmpty();
    }

    /// <summary>What runs in a build with permissions in AWS does not change by itself.</summary>
    [Fact]
    public void No_version_of_a_package_floats()
    {
        var versions = Directory
            .EnumerateFiles(Path.Combine(SourceTree.Root, "samples"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets" or ".cs")
            .Select(File.ReadAllText)
            .Concat(DocumentationPages.Blocks.Values.Select(block => block.Text))
            .SelectMany(text => PackageVersion().Matches(text).Select(match => match.Value))
            .ToList();

        versions.ShouldNotBeEmpty();
        versions.ShouldAllBe(version => !version.Contains('*'));
    }

    [Fact]
    public void Every_property_that_the_prose_names_exists() =>
        DocumentationPages
            .All.SelectMany(page =>
                page.InlineCode.Select(code => Name().Match(code))
                    .Where(match => match.Success)
                    .Select(match => (page.Path, Name: match.Groups["name"].Value))
            )
            .Where(each =>
                !ProductNames.Properties.Contains(each.Name)
                && !ProductNames.Outputs.Contains(each.Name)
                && !OtherNames.Contains(each.Name)
            )
            .ShouldBeEmpty();

    [GeneratedRegex(
        """(?<=PackageReference Include="[^"]*" Version=")[^"]*|(?<=#:package [^@\s]+@)\S+""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PackageVersion();

    private static IEnumerable<string> Hooks(XElement xml) =>
        xml.Descendants("Target")
            .SelectMany(target => HookAttributes.Select(name => target.Attribute(name)))
            .OfType<XAttribute>()
            .SelectMany(hook => hook.Value.Split(';'));

    [GeneratedRegex(
        @"[$@%]\((?<name>\w+)(\.(?<metadata>\w+))?\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex References();

    [GeneratedRegex(
        @"^[$@]?\(?(?<name>Ecr[A-Z]\w*)\)?(=.*)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name();
}
