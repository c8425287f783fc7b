using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Markdown;

/// <summary>All pages that people read.</summary>
internal static class DocumentationPages
{
    /// <summary>The pages that package feeds show.</summary>
    public static IReadOnlyList<string> OfPackages { get; } =
    [
        "README.md",
        "src/EcrBuildTasks.Tool/README.md",
        "src/EcrBuildTasks.Emulator/README.md",
        "src/EcrBuildTasks.Emulator.Tool/README.md",
    ];

    public static IReadOnlyList<MarkdownPage> All { get; } =
    [.. Paths().Order(StringComparer.Ordinal).Select(path => new MarkdownPage(path, File.ReadAllText(InTree(path))))];

    public static IReadOnlyDictionary<string, CodeBlock> Blocks { get; } =
        All.SelectMany(page => page.Blocks).ToDictionary(block => block.Place, StringComparer.Ordinal);

    public static MarkdownPage Find(string path) => All.Single(page => page.Path == path);

    /// <summary>The full path of a file of the repository.</summary>
    public static string InTree(string path) => Path.Combine(SourceTree.Root, path);

    private static IEnumerable<string> Paths()
    {
        foreach (var page in OfPackages)
        {
            yield return page;
        }

        yield return "CONTRIBUTING.md";
        foreach (var folder in (string[])["docs", "samples"])
        {
            foreach (var file in Directory.EnumerateFiles(InTree(folder), "*.md", SearchOption.AllDirectories))
            {
                yield return Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/');
            }
        }
    }
}
