using System.Globalization;
using System.Text.Json;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>What the languages of the formats have to write of a policy's JSON.</summary>
internal static class PolicyValue
{
    /// <summary>
    /// The text of a string, or of a number that another language might write differently: to IAM a condition's number is
    /// its text. <see langword="null"/> for any other value.
    /// </summary>
    public static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when !IsPlainInteger(value.GetRawText()) => value.GetRawText(),
            _ => null,
        };

    /// <summary>Whether the value has no others inside.</summary>
    public static bool IsScalar(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
        || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 0)
        || (value.ValueKind is JsonValueKind.Object && !value.EnumerateObject().Any());

    private static bool IsPlainInteger(string number) =>
        int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
        && integer.ToString(CultureInfo.InvariantCulture) == number;
}
