using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Formats.Tests;

/// <summary>Reads Terraform by HashiCorp's own parser.</summary>
internal static class HclDocuments
{
    private static readonly string Folder = typeof(HclDocuments)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HclFolder")
        .Value!;

    /// <param name="documents">The documents.</param>
    /// <param name="references">
    /// Values for references such as <c>var.name</c>; a reference without one is left as it is. <see langword="null"/> where the documents
    /// may hold none.
    /// </param>
    public static async Task<JsonArray> ReadAsync(
        IEnumerable<string> documents,
        IReadOnlyDictionary<string, string>? references = null
    ) => JsonNode.Parse(await RunAsync("read.js", new { documents, references }))!.AsArray();

    /// <summary>
    /// What the schema of Terraform's AWS provider finds wrong with each document: types, names, required arguments, blocks, and references
    /// to what is not there. Which texts an argument may have it does not know.
    /// </summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> CheckAsync(IEnumerable<string> documents) =>
        JsonSerializer.Deserialize<string[][]>(await RunAsync("check.js", new { documents }))!;

    private static async Task<string> RunAsync(string program, object input)
    {
        var provider = Path.Combine(Folder, "node_modules", "@cdktn", "provider-aws");
        var node = (Directory.Exists(provider) ? Cli.Find("node") : null).OrSkip("the HCL parser for Node.js");
        var result = await Cli.RunAsync(
            node,
            [Path.Combine(Folder, program)],
            standardInput: JsonSerializer.Serialize(input),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return result.EnsureSuccess().Output;
    }
}
