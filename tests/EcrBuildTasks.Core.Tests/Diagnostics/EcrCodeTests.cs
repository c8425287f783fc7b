using EcrBuildTasks.Diagnostics;

namespace EcrBuildTasks.Core.Tests.Diagnostics;

public sealed class EcrCodeTests
{
    private static readonly string Pages = Path.Combine(RepositoryRoot(), "docs", "errors");

    [Fact]
    public void Every_code_has_a_page_under_its_title_and_no_page_lacks_a_code()
    {
        var pages = Directory
            .GetFiles(Pages, "ECR*.md")
            .ToDictionary(page => Path.GetFileNameWithoutExtension(page), page => File.ReadLines(page).First());

        pages.ShouldBe(
            EcrCode.Catalogue.ToDictionary(code => code.Id, code => $"# {code.Id}: {code.Title}"),
            ignoreOrder: true
        );
    }

    [Fact]
    public void The_index_lists_every_code()
    {
        var index = File.ReadAllText(Path.Combine(Pages, "README.md"));

        EcrCode.Catalogue.ShouldAllBe(code => index.Contains($"| [{code.Id}]({code.Id}.md) | {code.Title} |"));
    }

    [Fact]
    public void Codes_are_unique_and_link_to_their_pages()
    {
        EcrCode.Catalogue.Select(code => code.Id).ShouldBeUnique();
        EcrCode.Catalogue.ShouldAllBe(code => code.HelpLink.AbsolutePath.EndsWith($"/docs/errors/{code.Id}.md"));
    }

    private static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EcrBuildTasks.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
