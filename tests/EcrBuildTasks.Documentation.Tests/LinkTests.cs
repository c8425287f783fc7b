using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests;

/// <summary>Links within the repository; those to other sites are not followed.</summary>
public sealed class LinkTests
{
    private const string OnGitHub = "https://github.com/EcrBuildTasks/EcrBuildTasks/";

    public static TheoryData<string> Pages => [.. DocumentationPages.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_and_anchor_leads_to_something(string path)
    {
        var page = DocumentationPages.Find(path);

        page.Links.Select(link => Dangling(page, link)).OfType<string>().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_has_the_marks_of_an_unfinished_merge(string path) =>
        File.ReadLines(DocumentationPages.InTree(path))
            .Where(line => line.StartsWith("<<<<<<< ") || line.StartsWith(">>>>>>> "))
            .ShouldBeEmpty();

    [Fact]
    public void Every_test_that_the_page_on_security_names_exists()
    {
        var tests = Directory
            .EnumerateFiles(DocumentationPages.InTree("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)!);
        var named = File.ReadAllText(DocumentationPages.InTree("docs/security.md"))
            .Split('`')
            .Where(word => word.EndsWith("Tests", StringComparison.Ordinal))
            .ToArray();

        named.ShouldNotBeEmpty();
        named.Except(tests).ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_of_the_documentation_is_in_its_table_of_contents()
    {
        var contents = DocumentationPages.Find("docs/README.md");

        Directory
            .GetFiles(DocumentationPages.InTree("docs"), "*.md")
            .Select(Path.GetFileName)
            .Where(name => name != "README.md")
            .Except(contents.Links)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Pages_of_packages_link_by_whole_addresses_because_feeds_show_them_elsewhere() =>
        DocumentationPages
            .OfPackages.SelectMany(path => DocumentationPages.Find(path).Links)
            .Where(link => !link.StartsWith('#') && !Uri.TryCreate(link, UriKind.Absolute, out _))
            .ShouldBeEmpty();

    /// <returns>What is wrong with a link; <see langword="null"/> if nothing is.</returns>
    private static string? Dangling(MarkdownPage page, string link)
    {
        if (PlaceOf(page, link) is not var (path, anchor))
        {
            return null;
        }

        var target = Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/');
        if (target.StartsWith("..", StringComparison.Ordinal) || !Path.Exists(path))
        {
            return $"{link}: there is no {target}";
        }

        return anchor.Length == 0 || DocumentationPages.Find(target).Anchors.Contains(anchor)
            ? null
            : $"{link}: {target} has no heading #{anchor}";
    }

    private static (string Path, string Anchor)? PlaceOf(MarkdownPage page, string link)
    {
        var (target, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, "");
        if (target.StartsWith(OnGitHub, StringComparison.Ordinal))
        {
            // blob/main/…, tree/main/…
            return target[OnGitHub.Length..].Split('/', 3) is [_, "main", var path]
                ? (DocumentationPages.InTree(path), anchor)
                : null;
        }

        if (Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme != Uri.UriSchemeFile)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(DocumentationPages.InTree(page.Path))!;
        return (target.Length == 0 ? DocumentationPages.InTree(page.Path) : Path.GetFullPath(target, folder), anchor);
    }
}
