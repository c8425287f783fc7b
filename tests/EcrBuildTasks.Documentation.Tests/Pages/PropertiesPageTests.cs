using EcrBuildTasks.Documentation.Tests.Markdown;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>The page about properties, held against the targets.</summary>
public sealed class PropertiesPageTests
{
    private static readonly MarkdownPage Page = DocumentationPages.Find("docs/properties.md");

    public static TheoryData<string> Properties => [.. ProductNames.Properties];

    [Fact]
    public void Every_property_has_a_section_and_no_section_lacks_a_property() =>
        Page
            .Headings.Where(heading => heading.Level == 3)
            .Select(heading => heading.Text)
            .ShouldBe(ProductNames.Properties, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_section_has_the_default_and_an_example(string property)
    {
        var section = Page.Section(property);

        section.ShouldContain("\nDefault: ");
        new MarkdownPage("section", section).Blocks.ShouldHaveSingleItem().Text.ShouldContain($"<{property}>");
    }

    [Fact]
    public void A_property_of_few_values_lists_them_all_with_its_default_among_them()
    {
        foreach (var (property, values) in ProductNames.Choices)
        {
            var section = new MarkdownPage("section", Page.Section(property));

            section.Rows.Skip(1).Select(row => row[0].Trim('`')).ShouldBe(values, ignoreOrder: true);
            values.ShouldContain(value => section.Text.Contains($"\nDefault: `{value}`.\n"));
        }
    }

    [Fact]
    public void The_tables_have_every_target_output_and_metadata()
    {
        Names("Targets").ShouldBe(ProductNames.Targets, ignoreOrder: true);
        Names("Outputs").Take(ProductNames.Outputs.Count).ShouldBe(ProductNames.Outputs, ignoreOrder: true);
        ProductNames.Metadata.ShouldAllBe(name => Page.Section("Outputs").Contains($"`{name}`"));
    }

    private static IEnumerable<string> Names(string heading) =>
        new MarkdownPage("section", Page.Section(heading)).Rows.Skip(1).Select(row => row[0].Trim('`'));
}
