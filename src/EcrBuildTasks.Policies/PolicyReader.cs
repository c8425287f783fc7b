using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>Reads a policy in every shape that AWS stores.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html</remarks>
internal static class PolicyReader
{
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
            throw new PolicyFormatException($"The policy is not JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new PolicyFormatException("The policy holds text or an escape that is no valid Unicode.", exception);
        }
    }

    public static PolicyDocument Read(JsonElement json)
    {
        try
        {
            return ReadPolicy(json.Clone());
        }
        catch (InvalidOperationException exception)
        {
            throw new PolicyFormatException("The policy holds text or an escape that is no valid Unicode.", exception);
        }
    }

    private static PolicyDocument ReadPolicy(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            throw new PolicyFormatException($"A policy is a JSON object, not {Name(json)}.");
        }

        var elements = new List<KeyValuePair<string, JsonElement>>();
        var flaws = new List<string>();
        foreach (var property in json.EnumerateObject())
        {
            elements.Add(KeyValuePair.Create(property.Name, property.Value));
            if (property.Name is not ("Version" or "Id" or "Statement"))
            {
                flaws.Add($"what AWS makes of the policy element \"{property.Name}\"");
            }
        }

        var version = ReadVersion(json);
        var statements = ReadStatements(json, version, flaws);
        if (json.TryGetProperty("Id", out _) || Array.Exists(statements, statement => statement.Flaws.Length > 0))
        {
            // What is not read is written again all the same, and must be text that can be.
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
            : throw new PolicyFormatException("\"Version\" is 2012-10-17 or 2008-10-17.");
    }

    private static Statement[] ReadStatements(JsonElement json, string? version, List<string> flaws)
    {
        if (!json.TryGetProperty("Statement", out var statement))
        {
            throw new PolicyFormatException("The policy has no \"Statement\".");
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
            _ => throw new PolicyFormatException($"\"Statement\" is an object or an array, not {Name(statement)}."),
        };
    }

    internal static string Name(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            _ => "null",
        };
}
