using System.Runtime.InteropServices;
using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>Reads a policy in every form that AWS accepts.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html</remarks>
internal static class PolicyReader
{
    // No policy of AWS is longer than 10,240 characters. A somewhat longer one is read all the same, so that its length can be
    // diagnosed; comparing the statements and principals of an arbitrarily long one with each other would never end.
    internal const int MostCharacters = 4 * 10_240;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static PolicyDocument Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new PolicyFormatException(
                string.IsNullOrWhiteSpace(json)
                    ? "The policy is empty."
                    : $"The policy is not valid JSON{PlaceOf(exception)}: {exception.Message.Split(" LineNumber:")[0]}",
                exception
            );
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new PolicyFormatException(
                "The policy contains text or an escape sequence that is not valid Unicode.",
                exception
            );
        }
    }

    private static string PlaceOf(JsonException failure) =>
        failure.LineNumber is { } line ? $" at line {line + 1}, byte {failure.BytePositionInLine + 1}" : "";

    public static PolicyDocument Read(JsonElement json)
    {
        try
        {
            return ReadPolicy(json.Clone());
        }
        catch (InvalidOperationException exception)
        {
            throw new PolicyFormatException(
                "The policy contains text or an escape sequence that is not valid Unicode.",
                exception
            );
        }
    }

    private static PolicyDocument ReadPolicy(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            throw new PolicyFormatException($"A policy must be a JSON object, but this is {Name(json)}.");
        }

        if (
            JsonMarshal.GetRawUtf8Value(json).Length > MostCharacters
            && PolicyWriter.Write(indented: false, json.WriteTo).Length is > MostCharacters and var length
        )
        {
            throw new PolicyFormatException(
                $"The policy has {length} characters without white space; AWS accepts at most 10240."
            );
        }

        var elements = new List<KeyValuePair<string, JsonElement>>();
        var flaws = new List<string>();
        foreach (var property in json.EnumerateObject())
        {
            elements.Add(KeyValuePair.Create(property.Name, property.Value));
            if (property.Name is not ("Version" or "Id" or "Statement"))
            {
                flaws.Add($"how AWS evaluates the policy element \"{property.Name}\"");
            }
        }

        var version = ReadVersion(json);
        var statements = ReadStatements(json, version, flaws);
        if (json.TryGetProperty("Id", out _) || Array.Exists(statements, statement => statement.Flaws.Length > 0))
        {
            // Elements that are not read are still written again, so they must be valid text.
            _ = PolicyWriter.Write(indented: false, json.WriteTo);
        }

        return new PolicyDocument(elements, version, statements);
    }

    private static string? ReadVersion(JsonElement json)
    {
        if (!json.TryGetProperty("Version", out var version))
        {
            return null;
        }

        return version.ValueKind is JsonValueKind.String && version.GetString() is "2012-10-17" or "2008-10-17"
            ? version.GetString()
            : throw new PolicyFormatException("\"Version\" must be 2012-10-17 or 2008-10-17.");
    }

    private static Statement[] ReadStatements(JsonElement json, string? version, List<string> flaws)
    {
        if (!json.TryGetProperty("Statement", out var statement))
        {
            throw new PolicyFormatException("\"Statement\" is missing from the policy.");
        }

        return statement.ValueKind switch
        {
            JsonValueKind.Object => [StatementReader.Read(statement, version, index: 0, flaws)],
            JsonValueKind.Array =>
            [
                .. statement
                    .EnumerateArray()
                    .Select((item, index) => StatementReader.Read(item, version, index, flaws)),
            ],
            _ => throw new PolicyFormatException(
                $"\"Statement\" must be an object or an array, but is {Name(statement)}."
            ),
        };
    }

    internal static string Name(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a Boolean",
            _ => "null",
        };
}
