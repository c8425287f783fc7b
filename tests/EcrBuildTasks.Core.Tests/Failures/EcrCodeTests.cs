using System.Text.RegularExpressions;
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
                .Where(line => line.Contains("reports this code for the kind", StringComparison.Ordinal))
                .All(line =>
                    line.Split('`')
                        .Where((_, index) => index % 2 == 1)
                        .Skip(1)
                        .SequenceEqual(
                            FailureCatalog.Rows.Where(row => row.Code == code).Select(row => row.Kind).Distinct()
                        )
                )
        );

    [Fact]
    public void Remedies_name_properties_to_the_build_and_options_to_the_tool()
    {
        var properties = File.ReadAllText(Path.Combine(Pages, "..", "properties.md"));
        var commands = File.ReadAllText(Path.Combine(Pages, "..", "cli.md"));
        var entries = EcrCode.Catalogue.Select(FailureCatalog.EntryOf).ToArray();

        Words(entries.SelectMany(entry => entry.Remedies), @"\bEcr[A-Z]\w+")
            .Except(["EcrBuildTasks"])
            .ShouldAllBe(property => properties.Contains($"`{property}`"));
        Words(entries.SelectMany(entry => entry.Remedies.Except(entry.ToolRemedies)), @" --[a-z-]+").ShouldBeEmpty();
        Words(entries.SelectMany(entry => entry.ToolRemedies), @"\bEcr[A-Z]\w+")
            .Except(["EcrBuildTasks"])
            .ShouldBeEmpty();
        Words(entries.SelectMany(entry => entry.ToolRemedies.Except(entry.Remedies)), @" --[a-z-]+")
            .ShouldAllBe(option => commands.Contains($"`{option.TrimStart()}"));
    }

    [Fact]
    public void No_words_for_users_have_an_open_place() =>
        FailureCatalog
            .Rows.SelectMany(row => row.Remedies.Concat(row.OnPull).Append(row.Cause))
            .Concat(
                EcrCode
                    .Catalogue.SelectMany(code =>
                        new[] { EcrDiagnostic.Failed(code, "x"), EcrDiagnostic.Failed(code, "x").ForTool() }
                    )
                    .Select(diagnostic => diagnostic.Message)
            )
            .ShouldAllBe(words => !Regex.IsMatch(words, @"\{\w+\}", RegexOptions.NonBacktracking));

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

    private static IEnumerable<string> Words(IEnumerable<string> texts, string pattern) =>
        texts
            .SelectMany(text => Regex.Matches(text, pattern, RegexOptions.NonBacktracking))
            .Select(match => match.Value)
            .Distinct();
}
