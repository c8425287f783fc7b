using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Settings;

/// <summary>Properties of a project that have one of a few values.</summary>
public static class PropertyChoice
{
    /// <summary>Reads a property whose values are the names of an enumeration, in whatever case.</summary>
    /// <param name="value">Its value; <see langword="null"/> or blank where it is not set.</param>
    /// <param name="standard">What it means not to be set.</param>
    /// <exception cref="DiagnosedException">It has another value.</exception>
    public static T Read<T>(string property, string? value, T standard)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return standard;
        }

        var text = value.Trim();
        return
            Enum.TryParse<T>(text, ignoreCase: true, out var choice)
            && Enum.IsDefined(choice)
            && !char.IsAsciiDigit(text[0])
            ? choice
            : throw new DiagnosedException(SettingDiagnosis.PropertyValue(property, text, Enum.GetNames<T>()));
    }

    /// <summary>Reads a property that is <c>true</c> or <c>false</c>; not set, it is <c>false</c>.</summary>
    /// <exception cref="DiagnosedException">It has another value.</exception>
    public static bool IsTrue(string property, string? value) => Read(property, value, Switch.False) is Switch.True;

    private enum Switch
    {
        False,
        True,
    }
}
