using System.Globalization;
using System.Text;

namespace EcrBuildTasks.Policies.Fixes;

internal static class QuotedText
{
    /// <summary>The text in double quotes, with the escapes that HCL, YAML and C# have in common.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append(rune),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when !UntrustedText.IsEscaped(rune) => quoted.Append(rune),
                var value when rune.IsBmp => quoted.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
                var value => quoted.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
            };
        }

        // A CI system that reads the output could take it for a command.
        return quoted.Replace("##", "#\\u0023").Append('"').ToString();
    }
}
