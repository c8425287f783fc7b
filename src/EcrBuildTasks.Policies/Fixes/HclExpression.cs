using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Writes JSON as an expression of HCL, the language of Terraform, laid out as <c>terraform fmt</c> does.</summary>
/// <remarks>https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md</remarks>
internal static partial class HclExpression
{
    private static readonly string[] Keywords = ["for", "if", "in", "null", "true", "false"];

    public static string Write(JsonElement value, int indentation)
    {
        var text = new StringBuilder();
        Write(text, value, indentation);
        return text.ToString();
    }

    /// <summary>A quoted string: neither <c>${</c> nor <c>%{</c> begins a template in it.</summary>
    public static string Quote(string text) => Template().Replace(QuotedText.Quote(text), WithoutTemplate);

    /// <summary>A doubled character is literal, unless another one precedes it.</summary>
    private static string WithoutTemplate(Match opening) =>
        opening.Groups["before"].Success
            ? $"{opening.Groups["before"].Value}\\u{(int)opening.Value[^2]:x4}{{"
            : $"{opening.Value[0]}{opening.Value}";

    private static void Write(StringBuilder text, JsonElement value, int indentation)
    {
        if (PolicyValue.Text(value) is { } scalar)
        {
            text.Append(Quote(scalar));
        }
        else if (PolicyValue.IsScalar(value))
        {
            text.Append(value.GetRawText());
        }
        else if (value.ValueKind is JsonValueKind.Array)
        {
            WriteArray(text, [.. value.EnumerateArray()], indentation);
        }
        else
        {
            WriteObject(text, [.. value.EnumerateObject()], indentation);
        }
    }

    private static void WriteArray(StringBuilder text, JsonElement[] items, int indentation)
    {
        if (items is [var single] && PolicyValue.IsScalar(single))
        {
            text.Append('[');
            Write(text, single, indentation);
            text.Append(']');
            return;
        }

        text.Append("[\n");
        foreach (var item in items)
        {
            text.Append(' ', indentation + 2);
            Write(text, item, indentation + 2);
            text.Append(",\n");
        }

        text.Append(' ', indentation).Append(']');
    }

    private static void WriteObject(StringBuilder text, JsonProperty[] properties, int indentation)
    {
        text.Append("{\n");
        for (var i = 0; i < properties.Length; i++)
        {
            var name = Name(properties[i].Name);
            text.Append(' ', indentation + 2).Append(name.PadRight(WidthAround(properties, i))).Append(" = ");
            Write(text, properties[i].Value, indentation + 2);
            text.Append('\n');
        }

        text.Append(' ', indentation).Append('}');
    }

    /// <summary>The equals signs of neighbouring one-line items stand below each other.</summary>
    private static int WidthAround(JsonProperty[] properties, int index)
    {
        if (!IsOneLine(properties[index].Value))
        {
            return 0;
        }

        var (first, last) = (index, index);
        while (first > 0 && IsOneLine(properties[first - 1].Value))
        {
            first--;
        }

        while (last + 1 < properties.Length && IsOneLine(properties[last + 1].Value))
        {
            last++;
        }

        return properties[first..(last + 1)].Max(property => Name(property.Name).Length);
    }

    private static bool IsOneLine(JsonElement value) =>
        PolicyValue.IsScalar(value)
        || (
            value.ValueKind is JsonValueKind.Array
            && value.GetArrayLength() == 1
            && PolicyValue.IsScalar(value.EnumerateArray().First())
        );

    private static string Name(string name) =>
        Identifier().IsMatch(name) && !Keywords.Contains(name) ? name : Quote(name);

    [GeneratedRegex(@"(?<before>\$+)?\$\{|(?<before>%+)?%\{", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Template();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();
}
