using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>The position of the reader, for error messages.</summary>
internal readonly record struct StatementLocation(int Index)
{
    /// <summary>Counted from 1, as everywhere in messages.</summary>
    public int Number => Index + 1;

    public PolicyFormatException Missing(string element) => new($"Statement {Number}: \"{element}\" is missing.");

    public PolicyFormatException Wrong(string element, string wanted, JsonElement found) =>
        new($"Statement {Number}: \"{element}\" must be {wanted}, but is {PolicyReader.Name(found)}.");

    /// <summary>A string is accepted wherever an array is.</summary>
    public string[] Strings(string element, JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.String)
        {
            return [json.GetString()!];
        }

        if (json.ValueKind is not JsonValueKind.Array)
        {
            throw Wrong(element, "a string or an array of strings", json);
        }

        var strings = new List<string>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            strings.Add(
                item.ValueKind is JsonValueKind.String
                    ? item.GetString()!
                    : throw Wrong(element, "a string or an array of strings", item)
            );
        }

        return [.. strings];
    }
}
