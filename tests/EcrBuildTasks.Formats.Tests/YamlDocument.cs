using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.Formats.Tests;

/// <summary>Reads YAML, with the types that a plain scalar has under YAML 1.1 too, as CloudFormation reads it.</summary>
internal static partial class YamlDocument
{
    public static JsonNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Of(stream.Documents.ShouldHaveSingleItem().RootNode);
    }

    private static JsonNode Of(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(pair =>
                    KeyValuePair.Create(Of(pair.Key).GetValue<string>(), (JsonNode?)Of(pair.Value))
                )
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } plain } when Typed().IsMatch(plain) => JsonNode.Parse(
                plain.ToLower(CultureInfo.InvariantCulture)
            )!,
            YamlScalarNode { Value: { } value } => JsonValue.Create(value),
            _ => throw new InvalidOperationException($"{node} is no value."),
        };

    // What is not text and not JSON either (yes, ~, 0x1, 2012-10-17 …) does not parse, and so fails the test.
    [GeneratedRegex(
        @"^(true|false|yes|no|on|off|y|n|null|~|[-+.]?[0-9].*|\.inf|\.nan|=|<<|)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Typed();
}
