using System.Text.Json;

namespace EcrBuildTasks.Policies;

internal static class ConditionReader
{
    public static IReadOnlyList<Condition> Read(JsonElement block, StatementLocation at, bool withVariables)
    {
        if (block.ValueKind is JsonValueKind.Undefined)
        {
            return [];
        }

        if (block.ValueKind is not JsonValueKind.Object)
        {
            throw at.Wrong("Condition", "an object", block);
        }

        var conditions = new List<Condition>();
        foreach (var entry in block.EnumerateObject())
        {
            if (entry.Value.ValueKind is not JsonValueKind.Object)
            {
                throw at.Wrong($"Condition.{entry.Name}", "an object", entry.Value);
            }

            foreach (var key in entry.Value.EnumerateObject())
            {
                var values = ReadValues(entry.Name, key, at);
                conditions.Add(new Condition(entry.Name, key.Name, values, withVariables));
            }
        }

        return conditions;
    }

    private static string[] ReadValues(string operatorName, JsonProperty key, StatementLocation at) =>
        key.Value.ValueKind is JsonValueKind.Array
            ? [.. key.Value.EnumerateArray().Select(item => ReadValue(operatorName, key.Name, item, at))]
            : [ReadValue(operatorName, key.Name, key.Value, at)];

    private static string ReadValue(string operatorName, string key, JsonElement json, StatementLocation at) =>
        json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw at.Wrong(
                $"Condition.{operatorName}.{key}",
                "a string, number or Boolean, or an array of these",
                json
            ),
        };
}
