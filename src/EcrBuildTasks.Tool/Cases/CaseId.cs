using System.Text.Json;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>Finds the ID in a line that is not a valid case.</summary>
internal static class CaseId
{
    /// <returns>The id; <see langword="null"/> if it follows the error, is missing or is not a string.</returns>
    public static string? Find(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
                if (
                    reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName }
                    && reader.ValueTextEquals("id"u8)
                )
                {
                    return reader.Read() && reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }
}
