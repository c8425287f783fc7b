using System.Text.RegularExpressions;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.RealParts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EcrBuildTasks.Documentation.Tests;

/// <summary>No text that users read has an expression of <c>language-idioms.txt</c>, one regular expression a line.</summary>
public sealed partial class LanguageTests
{
    private static readonly Regex Idioms = new(
        string.Join(
            '|',
            File.ReadLines(DocumentationPages.InTree("tests/EcrBuildTasks.Documentation.Tests/language-idioms.txt"))
        ),
        RegexOptions.IgnoreCase | RegexOptions.Compiled,
        TimeSpan.FromSeconds(1)
    );

    // The projects have the descriptions of the packages.
    private static readonly string[] Folders = ["docs", "samples", "build", "src", "tests/Snapshots"];

    [Fact]
    public void The_documentation_and_the_samples_have_no_idiom()
    {
        string[] files = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", .. Folders.SelectMany(TextFiles)];

        files.SelectMany(file => Found(file, File.ReadAllText(DocumentationPages.InTree(file)))).ShouldBeEmpty();
    }

    [Fact]
    public void The_strings_in_the_sources_have_no_idiom() =>
        Directory
            .EnumerateFiles(SourceTree.Src, "*.cs", SearchOption.AllDirectories)
            .Select(RelativePath)
            .Where(IsSource)
            .SelectMany(file => StringsOf(file).SelectMany(text => Found(file, text)))
            .ShouldBeEmpty();

    /// <summary>The build and the tool print the same sentences, except the remedies of the catalog, which it has for each.</summary>
    [Fact]
    public void A_sentence_that_names_a_property_names_the_option_of_the_tool_too() =>
        Directory
            .EnumerateFiles(Path.Combine(SourceTree.Src, "EcrBuildTasks.Core"), "*.cs", SearchOption.AllDirectories)
            .Select(RelativePath)
            .Where(IsSource)
            .SelectMany(file => StringsOf(file).Select(text => $"{file}: {text}"))
            .Where(text => PropertyWithOption().IsMatch(text))
            .ShouldAllBe(text => text.Contains("(--", StringComparison.Ordinal));

    [Fact]
    public async Task The_help_of_the_tool_has_no_idiom()
    {
        var help = await Cli.RunAsync(
            "dotnet",
            [SourceTree.Tool, "reference"],
            cancellationToken: TestContext.Current.CancellationToken
        );

        Found("dotnet ecr", help.EnsureSuccess().Output).ShouldBeEmpty();
    }

    [Fact]
    public void Each_snapshot_is_the_expected_text_of_a_test() =>
        Directory
            .EnumerateFiles(DocumentationPages.InTree("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => IsSource(RelativePath(path)))
            .SelectMany(path => SnapshotCall().Matches(File.ReadAllText(path)))
            .Select(call => $"{call.Groups["name"].Value}.txt")
            .ShouldBe(
                Directory.EnumerateFiles(DocumentationPages.InTree("tests/Snapshots")).Select(Path.GetFileName),
                ignoreOrder: true
            );

    [Theory]
    [InlineData("Asks as\n  whom the push runs.")]
    [InlineData("Mend the policy.")]
    public void An_idiom_is_found_across_lines_and_in_any_case(string text) =>
        Found("text", text).ShouldHaveSingleItem();

    [Theory]
    [InlineData("file: {} Set EcrScanTimeout to a higher number.")]
    [InlineData("file: EcrIfTagExists=Skip skips a push.")]
    public void A_property_in_a_sentence_is_found(string text) => PropertyWithOption().IsMatch(text).ShouldBeTrue();

    private static IEnumerable<string> Found(string place, string text)
    {
        var line = WhiteSpace().Replace(text, " ");
        return Idioms.Matches(line).Select(match => $"{place}: {Around(line, match.Index, match.Length)}");
    }

    private static string Around(string text, int index, int length)
    {
        const int Context = 40;
        var start = Math.Max(0, index - Context);
        return text[start..Math.Min(text.Length, index + length + Context)];
    }

    private static IEnumerable<string> TextFiles(string folder) =>
        Directory
            .EnumerateFiles(DocumentationPages.InTree(folder), "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is not (".png" or ".license"))
            .Select(RelativePath)
            // Of the product's C#, the strings count.
            .Where(file =>
                IsSource(file)
                && !(
                    file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
                )
            );

    private static string RelativePath(string path) => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/');

    private static bool IsSource(string file) => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules");

    /// <summary>The strings of a file, each concatenation as one, with <c>{}</c> for what is inserted.</summary>
    private static IEnumerable<string> StringsOf(string file) =>
        CSharpSyntaxTree
            .ParseText(File.ReadAllText(DocumentationPages.InTree(file)))
            .GetRoot()
            .DescendantNodes(node => !IsString(node))
            .Where(IsString)
            .Select(node => string.Concat(node.DescendantTokens().Select(TextOf)));

    private static bool IsString(SyntaxNode node) =>
        node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.AddExpression);

    private static string TextOf(SyntaxToken token) =>
        token.Kind() switch
        {
            SyntaxKind.OpenBraceToken => "{}",
            SyntaxKind.StringLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.InterpolatedStringTextToken => token.ValueText,
            _ => "",
        };

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(
        @": .* Ecr(CreateRepository|Preflight|PushMode|DockerHost|FailOnSeverity|ScanTimeout|Tag(Commit|Branch)|FloatingTags|IfTagExists|Region|Profile|Repository\w+)\b|: Ecr\w+[= ].* ",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PropertyWithOption();

    [GeneratedRegex(@"\bSnapshot\.Match\(\s*""(?<name>[\w-]+)""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SnapshotCall();
}
