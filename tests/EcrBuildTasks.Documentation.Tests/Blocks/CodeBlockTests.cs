using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Formats.Tests;
using EcrBuildTasks.Policies.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.Documentation.Tests.Blocks;

/// <summary>Blocks of YAML, HCL and C#, each read by a reader of its language.</summary>
public sealed class CodeBlockTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading.Tasks;
        """;

    public static TheoryData<string> Yaml => Of("yaml");

    public static TheoryData<string> CSharp => Of("csharp");

    [Theory]
    [MemberData(nameof(Yaml))]
    public void YAML_can_be_read(string place)
    {
        var stream = new YamlStream();

        stream.Load(new StringReader(DocumentationPages.Blocks[place].Text));

        stream.Documents.ShouldHaveSingleItem().RootNode.ShouldBeOfType<YamlMappingNode>();
    }

    [Fact]
    public async Task HCL_fits_the_schema_of_Terraforms_AWS_provider()
    {
        var blocks = DocumentationPages.Blocks.Values.Where(block => block.Language == "hcl").ToList();

        var findings = await HclDocuments.CheckAsync(blocks.Select(block => block.Text));

        findings.Count.ShouldBe(blocks.Count);
        findings.SelectMany(found => found).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(CSharp))]
    public void CSharp_can_be_read_and_compiles_where_it_uses_the_product(string place)
    {
        var text = DocumentationPages.Blocks[place].Text;
        var tree = Parse(text);

        tree.GetDiagnostics(TestContext.Current.CancellationToken).ShouldBeEmpty();
        if (text.Contains("using EcrBuildTasks"))
        {
            Compile(tree).Where(found => found.Severity is DiagnosticSeverity.Error).ShouldBeEmpty();
        }
    }

    private static IEnumerable<Diagnostic> Compile(SyntaxTree tree) =>
        CSharpCompilation
            .Create(
                "Shown",
                [tree, Parse(ImplicitUsings)],
                ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                    .Split(Path.PathSeparator)
                    .Select(path => MetadataReference.CreateFromFile(path)),
                new CSharpCompilationOptions(
                    OutputKind.ConsoleApplication,
                    nullableContextOptions: NullableContextOptions.Enable
                )
            )
            .GetDiagnostics(TestContext.Current.CancellationToken);

    private static SyntaxTree Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);

    private static TheoryData<string> Of(string language) =>
        [.. DocumentationPages.Blocks.Values.Where(block => block.Language == language).Select(block => block.Place)];
}
