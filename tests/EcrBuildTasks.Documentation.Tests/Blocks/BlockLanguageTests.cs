using EcrBuildTasks.Documentation.Tests.Markdown;

namespace EcrBuildTasks.Documentation.Tests.Blocks;

public sealed class BlockLanguageTests
{
    // What the tests read; text is what programs print, and its prompts are read as shell.
    private static readonly string[] Read = ["shell", "bash", "sh", "text", "xml", "json", "yaml", "hcl", "csharp"];

    [Fact]
    public void No_block_is_of_a_language_that_the_tests_do_not_read() =>
        DocumentationPages
            .Blocks.Values.Where(block => !Read.Contains(block.Language))
            .Select(block => $"{block.Place}: '{block.Language}'")
            .ShouldBeEmpty();
}
