using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcrBuildTasks.Emulator.Configuration;

internal static class OptionsFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static EmulatorOptions Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<EmulatorOptions>(file, Format)
                ?? throw new EmulatorConfigurationException($"{path} does not contain options.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EmulatorConfigurationException($"{path} cannot be read: {error.Message}", error);
        }
        // The serializer reports an unknown kind of fault as not supported.
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new EmulatorConfigurationException($"{path} is invalid: {error.Message}", error);
        }
    }
}

/// <summary>Reads a policy that is written as a JSON object, or as a string that holds one.</summary>
internal sealed class PolicyTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        using var policy = JsonDocument.ParseValue(ref reader);
        return policy.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

/// <summary>The options of an emulator are invalid or cannot be read; the message says where and why.</summary>
public sealed class EmulatorConfigurationException(string message, Exception? innerException = null)
    : Exception(message, innerException);
