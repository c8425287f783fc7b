using EcrBuildTasks.Documentation.Tests.Markdown;

namespace EcrBuildTasks.Documentation.Tests.Pages;

public sealed class GetStartedPageTests
{
    [Fact]
    public void The_project_is_the_sample_which_other_tests_and_the_demo_push() =>
        DocumentationPages
            .Find("docs/get-started.md")
            .Blocks.Single(block => block.Language == "xml")
            .Text.ShouldBe(
                File.ReadAllText(DocumentationPages.InTree("samples/HelloApi/HelloApi.csproj"))
                    .ReplaceLineEndings("\n")
                    .TrimEnd()
            );
}
