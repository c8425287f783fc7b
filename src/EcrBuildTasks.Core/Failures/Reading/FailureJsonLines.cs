using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Reads many texts, each a line <c>{"id": …, "text": "…"}</c>.</summary>
public static class FailureJsonLines
{
    /// <summary>The longest line, in characters; of a longer one only so much is held in memory.</summary>
    internal const int LongestLine = 16 * 1024 * 1024;

    /// <summary>One answer for each line that is not blank, in order.</summary>
    /// <returns>
    /// <c>{"id", "code", "kind", "principal", …}</c>, or <c>{"id", "line", "error"}</c> for a line of another form; its
    /// <c>line</c> counts from 1.
    /// </returns>
    /// <exception cref="IOException">The lines cannot be read.</exception>
    public static IEnumerable<JsonObject> Answers(TextReader lines) =>
        Lines(lines)
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(entry => !string.IsNullOrWhiteSpace(entry.Line))
            .Select(entry => Answer(entry.Line, entry.Number));

    private static JsonObject Answer(string line, int number)
    {
        if (line.Length > LongestLine)
        {
            return Error(null, number, $"The line has more than {LongestLine} characters.");
        }

        JsonNode? id = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root)
            {
                return Error(null, number, """The line is no JSON object; write {"id": "…", "text": "…"}.""");
            }

            id = Id(root);
            if (!root.TryGetProperty("text", out var text) || text.ValueKind is not JsonValueKind.String)
            {
                return Error(id, number, "The object has no string 'text'.");
            }

            var answer = FailureJson.Facts(FailureText.Read(text.GetString()!));
            answer.Insert(0, "id", id);
            return answer;
        }
        catch (JsonException)
        {
            return Error(id, number, """The line is no JSON; write {"id": "…", "text": "…"} on one line.""");
        }
        catch (Exception surrogate) when (surrogate is InvalidOperationException or ArgumentException)
        {
            return Error(id, number, "The line holds half of a surrogate pair, which is no character.");
        }
    }

    private static JsonNode? Id(JsonElement root) =>
        root.TryGetProperty("id", out var id)
            ? id.ValueKind switch
            {
                JsonValueKind.String => id.GetString(),
                JsonValueKind.Number => JsonNode.Parse(id.GetRawText()),
                _ => null,
            }
            : null;

    private static JsonObject Error(JsonNode? id, int line, string problem) =>
        new()
        {
            ["id"] = id,
            ["line"] = line,
            ["error"] = problem,
        };

    /// <summary>Like <see cref="TextReader.ReadLine"/>, but a line that is too long is cut one character above the limit.</summary>
    private static IEnumerable<string> Lines(TextReader text)
    {
        var line = new StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = text.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            while (Array.IndexOf(buffer, '\n', start, read - start) is >= 0 and var end)
            {
                Append(start, end);
                yield return line.ToString();
                line.Clear();
                start = end + 1;
            }

            Append(start, read);
        }

        yield return line.ToString();

        void Append(int start, int end) =>
            line.Append(buffer, start, Math.Min(end - start, LongestLine + 1 - line.Length));
    }
}
