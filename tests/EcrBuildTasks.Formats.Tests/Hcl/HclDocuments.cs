using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Fixes;

/// <summary>Reads Terraform by HashiCorp's own parser.</summary>
internal static class HclDocuments
{
    private static readonly string Reader = typeof(HclDocuments)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HclReader")
        .Value!;

    /// <param name="documents">The documents.</param>
    /// <param name="references">
    /// Values for references such as <c>var.name</c>; a reference without one is left as it is. <see langword="null"/> where the documents
    /// may hold none.
    /// </param>
    public static async Task<JsonArray> ReadAsync(
        IEnumerable<string> documents,
        IReadOnlyDictionary<string, string>? references = null
    )
    {
        var folder = Path.GetDirectoryName(Reader)!;
        var node = (Directory.Exists(Path.Combine(folder, "node_modules")) ? Cli.Find("node") : null).OrSkip(
            $"Node.js and HashiCorp's HCL parser are needed: npm ci --prefix {folder}",
            Assert.Skip
        );
        var result = await Cli.RunAsync(
            node,
            [Reader],
            standardInput: JsonSerializer.Serialize(new { documents, references }),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return JsonNode.Parse(result.EnsureSuccess().Output)!.AsArray();
    }
}
