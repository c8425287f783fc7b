using System.Text.Json;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Writes JSON as an expression of C#: dictionaries, arrays and literals.</summary>
internal static class CSharpExpression
{
    public static string Write(JsonElement value, int indentation)
    {
        if (PolicyValue.Text(value) is { } text)
        {
            return QuotedText.Quote(text);
        }

        var inner = new string(' ', indentation + 4);
        return value.ValueKind switch
        {
            JsonValueKind.Array when IsOfStrings(value) => $"new[] {Braced(value.EnumerateArray())}",
            JsonValueKind.Array => $"new object[] {Braced(value.EnumerateArray())}",
            JsonValueKind.Object => $"new Dictionary<string, object>\n{inner[4..]}{{\n"
                + string.Concat(
                    value
                        .EnumerateObject()
                        .Select(property =>
                            $"{inner}[{QuotedText.Quote(property.Name)}] = {Write(property.Value, indentation + 4)},\n"
                        )
                )
                + $"{inner[4..]}}}",
            _ => value.GetRawText(),
        };

        string Braced(IEnumerable<JsonElement> items) =>
            $"{{ {string.Join(", ", items.Select(item => Write(item, indentation)))} }}";
    }

    private static bool IsOfStrings(JsonElement array) =>
        array.GetArrayLength() > 0 && array.EnumerateArray().All(item => PolicyValue.Text(item) is not null);
}
