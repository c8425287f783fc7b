using System.Runtime.InteropServices;
using System.Text.Json;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>A value in a case and the path to it, for the messages.</summary>
/// <param name="Path">Such as <c>caller.arn</c>; empty for the case itself.</param>
/// <param name="Json">The value; undefined when the field is not there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CaseField(string Path, JsonElement Json)
{
    public bool IsAbsent => Json.ValueKind is JsonValueKind.Undefined;

    public bool IsAbsentOrNull => Json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A field of this object; unknown fields are ignored.</summary>
    public CaseField this[string name] =>
        new(Path.Length == 0 ? name : $"{Path}.{name}", Object().TryGetProperty(name, out var value) ? value : default);

    public string Text() => Json.ValueKind is JsonValueKind.String ? Json.GetString()! : throw Wrong("a string");

    public string TextWithContent() =>
        Text() is { Length: > 0 } text ? text : throw new CaseFormatException($"\"{Path}\" must not be empty.");

    public int Index() =>
        Json.ValueKind is JsonValueKind.Number && Json.TryGetInt32(out var index) && index >= 0
            ? index
            : throw Wrong("a non-negative integer");

    /// <summary>The values of a context key or a list of names: one string, or an array of them.</summary>
    public IReadOnlyList<string> Texts() =>
        Json.ValueKind switch
        {
            JsonValueKind.String => [Json.GetString()!],
            JsonValueKind.Array => [.. Items().Select(item => item.Text())],
            _ => throw Wrong("a string or an array of strings"),
        };

    public IEnumerable<CaseField> Items()
    {
        var path = Path;
        return Json.ValueKind is JsonValueKind.Array
            ? Json.EnumerateArray().Select((item, index) => new CaseField($"{path}[{index}]", item))
            : throw Wrong("an array");
    }

    public IEnumerable<JsonProperty> Properties() => Object().EnumerateObject();

    public PolicyDocument Policy()
    {
        try
        {
            return PolicyDocument.Parse(Object());
        }
        catch (PolicyFormatException exception)
        {
            throw new CaseFormatException($"\"{Path}\": {exception.Message}", exception);
        }
    }

    private JsonElement Object() => Json.ValueKind is JsonValueKind.Object ? Json : throw Wrong("an object");

    private CaseFormatException Wrong(string wanted) =>
        new(
            IsAbsent ? $"\"{Path}\" is missing; it must be {wanted}."
            : Path.Length == 0 ? $"The line must be {wanted}, but is {Kind(Json)}."
            : $"\"{Path}\" must be {wanted}, but is {Kind(Json)}."
        );

    private static string Kind(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => $"the string {json.GetRawText()}",
            JsonValueKind.Null => "null",
            _ => json.GetRawText(),
        };
}
