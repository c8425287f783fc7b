using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Failures;

public sealed class EcrCodeTests
{
    private static readonly string Pages = Path.Combine(SourceTree.Root, "docs", "errors");

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
    public void The_index_lists_every_code_under_the_heading_of_its_kind()
    {
        var sections = File.ReadAllText(Path.Combine(Pages, "README.md")).Split("\n## ");

        EcrCode.Catalogue.ShouldAllBe(code =>
            sections
                .Single(section => section.StartsWith(code.Id.Substring(0, 4), StringComparison.Ordinal))
                .Contains($"| [{code.Id}]({code.Id}.md) | {code.Title} |")
        );
    }

    [Fact]
    public void A_page_that_names_the_kinds_of_diagnose_names_those_of_its_code() =>
        EcrCode.Catalogue.ShouldAllBe(code =>
            File.ReadLines(Path.Combine(Pages, $"{code.Id}.md"))
                .Where(line => line.Contains("gives this code for the kind", StringComparison.Ordinal))
                .All(line =>
                    line.Split('`')
                        .Where((_, index) => index % 2 == 1)
                        .Skip(1)
                        .SequenceEqual(
                            FailureTable.Rows.Where(row => row.Code == code).Select(row => row.Kind).Distinct()
                        )
                )
        );

    [Fact]
    public void Every_problem_of_a_policy_has_a_code_of_its_own() =>
        Enum.GetValues<LintProblem>().Select(LintDiagnosis.CodeOf).ShouldBeUnique();

    [Fact]
    public void Codes_are_unique_and_link_to_their_pages()
    {
        EcrCode.Catalogue.Select(code => code.Id).ShouldBeUnique();
        EcrCode.Catalogue.ShouldAllBe(code =>
            code.HelpLink.ToString().Length <= 70 && code.HelpLink.AbsolutePath.EndsWith($"/errors/{code.Id}")
        );
    }
}
