using System.Text.Json;

namespace EcrBuildTasks.Policies;

internal static class ConditionReader
{
    public static IReadOnlyList<Condition> Read(JsonElement statement, StatementLocation at, bool withVariables)
    {
        if (!statement.TryGetProperty("Condition", out var block))
        {
            return [];
        }

        if (block.ValueKind is not JsonValueKind.Object)
        {
            throw at.Wrong("Condition", "an object", block);
        }

        return [.. block.EnumerateObject().SelectMany(entry => ReadOperator(entry, at, withVariables))];
    }

    private static IEnumerable<Condition> ReadOperator(JsonProperty entry, StatementLocation at, bool withVariables)
    {
        if (entry.Value.ValueKind is not JsonValueKind.Object)
        {
            throw at.Wrong($"Condition.{entry.Name}", "an object", entry.Value);
        }

        return entry
            .Value.EnumerateObject()
            .Select(key => new Condition(
                entry.Name,
                key.Name,
                ReadValues($"Condition.{entry.Name}.{key.Name}", key.Value, at),
                withVariables
            ));
    }

    private static string[] ReadValues(string element, JsonElement json, StatementLocation at) =>
        json.ValueKind is JsonValueKind.Array
            ? [.. json.EnumerateArray().Select(item => ReadValue(element, item, at))]
            : [ReadValue(element, json, at)];

    private static string ReadValue(string element, JsonElement json, StatementLocation at) =>
        json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw at.Wrong(element, "a string, number or boolean, or an array of them", json),
        };
}
