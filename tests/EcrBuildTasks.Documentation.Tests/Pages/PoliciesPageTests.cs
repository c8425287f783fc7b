using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Documentation.Tests.Pages;

public sealed class PoliciesPageTests
{
    [Fact]
    public void The_case_of_the_page_comes_out_in_the_words_of_the_page()
    {
        var blocks = DocumentationPages.Find("docs/policies.md").Blocks;
        var question = JsonNode.Parse(blocks.First(block => block.Language == "json").Text)!;
        question["expected"] = new JsonObject { ["verdict"] = "Allowed" };
        using var said = new MemoryStream();

        CaseRun.Run(
            new MemoryStream(Encoding.UTF8.GetBytes(question.ToJsonString())),
            said,
            () => new ExpectationReport()
        );

        blocks
            .Single(block => block.Language == "text")
            .Text.ShouldContain(Encoding.UTF8.GetString(said.ToArray()).TrimEnd());
    }
}
