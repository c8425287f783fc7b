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

    public static async Task<JsonArray> ReadAsync(IEnumerable<string> documents)
    {
        var folder = Path.GetDirectoryName(Reader)!;
        var node = (Directory.Exists(Path.Combine(folder, "node_modules")) ? Cli.Find("node") : null).OrSkip(
            $"Node.js and HashiCorp's HCL parser are needed: npm ci --prefix {folder}",
            Assert.Skip
        );
        var result = await Cli.RunAsync(
            node,
            [Reader],
            standardInput: JsonSerializer.Serialize(documents),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return JsonNode.Parse(result.EnsureSuccess().Output)!.AsArray();
    }
}
