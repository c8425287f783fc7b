using System.Xml.Linq;
using EcrBuildTasks.Documentation.Tests.Markdown;

namespace EcrBuildTasks.Documentation.Tests.Pages;

public sealed class DrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Drawings =>
        [
            .. Directory
                .GetFiles(DocumentationPages.InTree("docs/images"), "*.svg")
                .Select(path => Path.GetFileName(path)!)
                .Where(name => name != "icon.svg"),
        ];

    [Theory]
    [MemberData(nameof(Drawings))]
    public void A_drawing_is_shown_can_be_read_aloud_and_suits_light_and_dark(string name)
    {
        var drawing = XDocument.Load(DocumentationPages.InTree($"docs/images/{name}")).Root!;

        drawing.Name.ShouldBe(Svg + "svg");
        drawing.Element(Svg + "title")!.Value.ShouldNotBeEmpty();
        drawing.Element(Svg + "desc")!.Value.Length.ShouldBeGreaterThan(40);
        drawing.Element(Svg + "style")!.Value.ShouldContain("prefers-color-scheme: dark");
        DocumentationPages.All.SelectMany(page => page.Links).ShouldContain($"images/{name}");
    }
}
