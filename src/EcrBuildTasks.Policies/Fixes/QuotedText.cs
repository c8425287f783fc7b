using System.Globalization;
using System.Text;

namespace EcrBuildTasks.Policies.Fixes;

internal static class QuotedText
{
    /// <summary>The text in double quotes, with the escapes that HCL, YAML and C# have in common.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                '"' or '\\' => quoted.Append('\\').Append(text[i]),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                var character when char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' => quoted
                    .Append("\\u")
                    .Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                var character => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }
}
