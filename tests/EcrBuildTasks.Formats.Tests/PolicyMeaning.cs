using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcrBuildTasks.Formats.Tests;

/// <summary>A policy in the one form that all policies of its meaning share: sets for lists and single values, in order.</summary>
internal static class PolicyMeaning
{
    public static string OfPolicy(JsonNode policy)
    {
        var parts = policy.AsObject().Where(element => element.Key != "Statement").Select(Element);
        var statements = policy["Statement"] is JsonArray list ? list.Select(item => item!) : [policy["Statement"]!];
        return string.Join('\n', [.. parts.Order(StringComparer.Ordinal), .. statements.Select(OfStatement)]);
    }

    public static string OfStatement(JsonNode statement) =>
        string.Join(' ', statement.AsObject().Select(Element).Order(StringComparer.Ordinal));

    private static string Element(KeyValuePair<string, JsonNode?> element) => $"{element.Key}={Value(element.Value)}";

    private static string Value(JsonNode? value) =>
        value switch
        {
            JsonObject map when map.Count == 1 && map.ContainsKey("AWS") && Value(map["AWS"]) == "[\"*\"]" => "[\"*\"]",
            JsonObject map => $"{{{string.Join(' ', map.Select(Element).Order(StringComparer.Ordinal))}}}",
            JsonArray list => $"[{string.Join(',', list.Select(Text).Distinct().Order(StringComparer.Ordinal))}]",
            _ => $"[{Text(value)}]",
        };

    /// <summary>To IAM a boolean or a number is its text.</summary>
    private static string Text(JsonNode? scalar) =>
        JsonSerializer.Serialize(
            scalar!.GetValueKind() is JsonValueKind.String ? scalar.GetValue<string>() : scalar.ToJsonString()
        );
}
