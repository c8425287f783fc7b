using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Writes JSON as a block of YAML; what is not a plain word is quoted.</summary>
/// <remarks>https://yaml.org/spec/1.2.2</remarks>
internal static partial class YamlBlock
{
    private static readonly string[] NotText = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

    /// <summary>The value in lines of their own, each indented.</summary>
    public static string Write(JsonElement value, int indentation)
    {
        var text = new StringBuilder();
        Write(text, value, indentation);
        return text.ToString().TrimEnd('\n');
    }

    public static string Quote(string text) =>
        Word().IsMatch(text) && !NotText.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? text
            : QuotedText.Quote(text);

    private static void Write(StringBuilder text, JsonElement value, int indentation)
    {
        var isFirst = true;
        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                WriteEntry(text, "-", item, indentation, isFirst);
                isFirst = false;
            }
        }
        else
        {
            foreach (var property in value.EnumerateObject())
            {
                WriteEntry(text, Quote(property.Name) + ":", property.Value, indentation, isFirst);
                isFirst = false;
            }
        }
    }

    /// <param name="lead">The dash or the key.</param>
    /// <param name="indentation">The spaces before the lead.</param>
    /// <param name="isFirst">Whether it is the first of its list or mapping, which may stand behind a dash.</param>
    private static void WriteEntry(StringBuilder text, string lead, JsonElement value, int indentation, bool isFirst)
    {
        var isBehindDash = isFirst && text.Length > 0 && text[^1] == ' ';
        text.Append(' ', isBehindDash ? 0 : indentation).Append(lead);
        if (PolicyValue.IsScalar(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
        else
        {
            text.Append(lead == "-" ? " " : "\n");
            Write(text, value, indentation + 2);
        }
    }

    private static string Scalar(JsonElement value) =>
        PolicyValue.Text(value) is { } scalar ? Quote(scalar) : value.GetRawText();

    [GeneratedRegex(
        @"^[A-Za-z]([A-Za-z0-9:/_.@+=,*-]*[A-Za-z0-9/_*])?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Word();
}
