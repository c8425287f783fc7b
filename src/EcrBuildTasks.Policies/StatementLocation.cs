using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>Where the reader is, for its messages.</summary>
internal readonly record struct StatementLocation(int Index)
{
    public PolicyFormatException Missing(string element) => new($"Statement {Index} has no \"{element}\".");

    public PolicyFormatException Wrong(string element, string wanted, JsonElement found) =>
        new($"Statement {Index}: \"{element}\" is {PolicyReader.Name(found)}, not {wanted}.");

    /// <summary>A string stands for a list of one anywhere.</summary>
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
