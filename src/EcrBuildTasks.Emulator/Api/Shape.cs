using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>Checks a value of a request and returns what the emulator keeps of it.</summary>
/// <param name="value">The value.</param>
/// <param name="name">Where it stands in the request.</param>
internal delegate JsonNode Shape(JsonElement value, string name);

/// <summary>A member of a structure.</summary>
internal sealed record Member(string Name, Shape Shape, bool IsRequired = false);

/// <summary>The shapes of values that are kept as they are sent.</summary>
internal static class Shapes
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    public static Shape Policy { get; } =
        (value, name) =>
        {
            var text = EcrRequest.TextOf(value, name);
            try
            {
                PolicyDocument.Parse(text);
                return text;
            }
            catch (PolicyFormatException)
            {
                throw EcrException.InvalidParameter(name, "Invalid policy provided");
            }
        };

    /// <param name="longest">The most characters.</param>
    /// <param name="pattern">What the whole text matches.</param>
    public static Shape Text(int longest, string pattern = ".*") =>
        (value, name) =>
        {
            var text = EcrRequest.TextOf(value, name);
            return text.Length > longest
                    ? throw EcrException.InvalidParameter(
                        name,
                        $"Member must have length less than or equal to {longest}"
                    )
                : Regex.IsMatch(text, $@"^(?:{pattern})\z", RegexOptions.Singleline, LongestMatch) ? text
                : throw EcrException.InvalidParameter(
                    name,
                    $"Member must satisfy regular expression pattern: {pattern}"
                );
        };

    public static Shape OneOf(params IReadOnlyList<string> values) =>
        (value, name) =>
            EcrRequest.TextOf(value, name) is var text && values.Contains(text, StringComparer.Ordinal)
                ? text
                : throw EcrException.InvalidParameter(
                    name,
                    $"Member must satisfy enum value set: [{string.Join(", ", values)}]"
                );

    public static Shape List(Shape item, int most, int least = 0) =>
        (value, name) =>
            value.ValueKind is not JsonValueKind.Array ? throw EcrRequest.Malformed(name)
            : value.GetArrayLength() is var length && (length < least || length > most)
                ? throw EcrException.InvalidParameter(
                    name,
                    $"Member must have length between {least} and {most}, both inclusive"
                )
            : new JsonArray([.. value.EnumerateArray().Select(one => item(one, name))]);

    /// <summary>Members that are not listed are left out, as AWS ignores them.</summary>
    public static Shape Structure(params IReadOnlyList<Member> members) =>
        (value, name) =>
        {
            if (value.ValueKind is not JsonValueKind.Object)
            {
                throw EcrRequest.Malformed(name);
            }

            var structure = new JsonObject();
            foreach (var member in members)
            {
                var path = name.Length == 0 ? member.Name : $"{name}.{member.Name}";
                if (value.TryGetProperty(member.Name, out var given) && given.ValueKind is not JsonValueKind.Null)
                {
                    structure[member.Name] = member.Shape(given, path);
                }
                else if (member.IsRequired)
                {
                    throw EcrRequest.Missing(path);
                }
            }

            return structure;
        };
}
