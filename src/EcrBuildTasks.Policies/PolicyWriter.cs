using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EcrBuildTasks.Policies;

internal static class PolicyWriter
{
    public static string Write(bool indented, Action<Utf8JsonWriter> write)
    {
        // Policies are read by people and pasted into shells and templates: no \u0026 for an ampersand.
        var options = new JsonWriterOptions
        {
            Indented = indented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return UntrustedText.ToJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    public static void WritePolicy(
        Utf8JsonWriter writer,
        IReadOnlyList<KeyValuePair<string, JsonElement>> elements,
        IReadOnlyList<Statement> statements
    )
    {
        writer.WriteStartObject();
        foreach (var (name, value) in elements)
        {
            writer.WritePropertyName(name);
            if (name != "Statement")
            {
                value.WriteTo(writer);
            }
            else if (value.ValueKind is JsonValueKind.Object && statements.Count == 1)
            {
                statements[0].Json.WriteTo(writer);
            }
            else
            {
                WriteStatements(writer, statements);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteStatements(Utf8JsonWriter writer, IReadOnlyList<Statement> statements)
    {
        writer.WriteStartArray();
        foreach (var statement in statements)
        {
            statement.Json.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
