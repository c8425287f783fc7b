using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>What a system's own parser or schema says of a document.</summary>
/// <param name="Findings">What is wrong with it.</param>
/// <param name="Resources">The resources of a template whose parameters were given.</param>
internal sealed record CheckedDocument(IReadOnlyList<string> Findings, JsonObject? Resources)
{
    private static readonly string Checker = typeof(CheckedDocument)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PipelineChecker")
        .Value!;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <param name="documents">The documents, each with the system that it is for.</param>
    /// <param name="parameters">Values for the parameters of templates.</param>
    public static async Task<IReadOnlyList<CheckedDocument>> CheckAsync(
        IEnumerable<(string Kind, string Text)> documents,
        IReadOnlyDictionary<string, string>? parameters = null
    )
    {
        var folder = Path.GetDirectoryName(Checker)!;
        var node = (Directory.Exists(Path.Combine(folder, "node_modules")) ? Cli.Find("node") : null).OrSkip(
            "the pipeline checkers for Node.js"
        );
        var asked = documents.Select(document => new
        {
            document.Kind,
            document.Text,
            parameters,
        });
        var result = await Cli.RunAsync(
            node,
            [Checker],
            standardInput: JsonSerializer.Serialize(asked, Web),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return JsonSerializer.Deserialize<CheckedDocument[]>(result.EnsureSuccess().Output, Web)!;
    }
}
